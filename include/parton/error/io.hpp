// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include <parton/detail/error_text.hpp>

/// \file Files: opening, writing, and what is wrong inside of them.

namespace parton::errors {

/// Where in a file something is wrong. An empty tensor stands for the file as a whole.
struct FilePlace {
  std::string file;
  std::string tensor;
  std::uint64_t byte = 0;
};

/// A name from a file, which may be of any length and have any bytes in it.
[[gnu::cold]] inline string shown_name(Text name) {
  constexpr std::size_t most = 100;
  const auto code = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  std::size_t end = name.size();
  if (end > most) {
    end = most;
    // Not in the middle of a UTF-8 sequence.
    while (end > 0 && (code(end) & 0xC0U) == 0x80U) --end;
  }
  string text;
  for (std::size_t i = 0; i < end; ++i) {
    // U+0080 to U+009F, in two bytes, are commands to a terminal too.
    const bool command = code(i) == 0xC2 && i + 1 < name.size() && code(i + 1) < 0xA0;
    text += code(i) < 32 || code(i) == 127 || command ? '?' : name[i];
    if (command) ++i;
  }
  if (end < name.size()) text += "...";
  return in_quotes(text);
}

[[gnu::cold]] inline string at(const FilePlace& place) {
  return "the file " + in_quotes(place.file) +
         (place.tensor.empty() ? string() : ", tensor " + shown_name(place.tensor)) + ", byte " +
         to_string(place.byte) + ": ";
}

// Opening and writing.

[[gnu::cold]] inline FileError cannot_open(Text file, Text reason) {
  return FileError("the file " + in_quotes(file) + " cannot be read: " + string(reason));
}
[[gnu::cold]] inline FileError cut_off(Text file, std::uint64_t had, std::uint64_t has) {
  return FileError("the file " + in_quotes(file) + " had " + to_string(had) +
                   " bytes when it was opened and has " + to_string(has) +
                   " now: open it again. Files that others read are replaced, as save() does, not "
                   "written over");
}
[[gnu::cold]] inline FileError cannot_write(Text file, Text reason) {
  return FileError("the file " + in_quotes(file) + " cannot be written: " + string(reason) +
                   ". What was there before is still there, whole");
}
[[gnu::cold]] inline FileError written_but_not_flushed(Text file, Text reason) {
  return FileError("the file " + in_quotes(file) +
                   " is written, but its folder cannot be flushed: " + string(reason) +
                   ". A power failure now may bring back what was there before");
}
[[gnu::cold]] inline FileError unknown_extension(Text file, Text known) {
  return FileError("the file " + in_quotes(file) +
                   " has an extension that says no format: use one of " + string(known));
}
[[gnu::cold]] inline FileError cannot_hold(Text file, Text what) {
  return FileError("the file " + in_quotes(file) + " cannot be written: " + string(what));
}
[[gnu::cold]] inline ValueError tensor_name_twice(Text file, Text name) {
  return ValueError("the file " + in_quotes(file) + " would have two tensors named " +
                    shown_name(name) + ": give one of them another name");
}
[[gnu::cold]] inline ValueError bad_tensor_name(Text file, Text name, Text reason) {
  return ValueError("the file " + in_quotes(file) + " cannot have the name " + shown_name(name) +
                    ": " + string(reason));
}
[[gnu::cold]] inline ValueError cannot_convert(Text name, Text from, Text to) {
  return ValueError("the tensor " + shown_name(name) + " of " + string(from) +
                    " cannot be written as " + string(to) +
                    ": only floating scalars are converted into each other");
}
[[gnu::cold]] inline string too_large(Text tensor, std::size_t position, double value, Text dtype) {
  return "the tensor " + shown_name(tensor) + " has " + shown(value) + " as element " +
         to_string(position) + ", which " + string(dtype) + " can only hold as infinity: ";
}
[[gnu::cold]] inline ValueError too_large_to_write(Text tensor, std::size_t position, double value,
                                                   Text dtype) {
  return ValueError(too_large(tensor, position, value, dtype) +
                    "bound the values, or choose a wider .dtype for the file");
}
[[gnu::cold]] inline ValueError too_large_to_read(Text file, Text tensor, std::size_t position,
                                                  double value, Text dtype) {
  return ValueError("the file " + in_quotes(file) + ": " +
                    too_large(tensor, position, value, dtype) +
                    "read it as a wider scalar, or bound the values where the file was made");
}
[[gnu::cold]] inline ValueError no_metadata(Text file) {
  return ValueError("the file " + in_quotes(file) +
                    " cannot hold metadata, since its format has none: save a .safetensors file");
}
[[gnu::cold]] inline ValueError empty_probe(Text shape) {
  return ValueError("a probe of the shape " + string(shape) +
                    " proves nothing: give an input with values");
}
[[gnu::cold]] inline ValueError metadata_key_taken(Text file, Text key) {
  return ValueError("the file " + in_quotes(file) + " needs the key " + shown_name(key) +
                    " of the metadata for itself: choose another key");
}

/// `option` is "select" or "transpose".
[[gnu::cold]] inline KeyError option_selects_nothing(Text option, Text pattern,
                                                     const std::vector<std::string>& paths) {
  return KeyError("." + string(option) + " selects no parameter: " +
                  (pattern.empty() ? string("its predicate is false for all of ")
                                   : "the pattern " + in_quotes(pattern) +
                                         " must match a path from its start, as '.*bias' matches "
                                         "'0.bias', and the net has ") +
                  detail::brief_list(paths));
}

// Loading a net.

[[gnu::cold]] inline LoadError load_does_not_fit(Text file, Text problems) {
  return LoadError(
      "the file " + in_quotes(file) +
      " does not fit the net, which is as it was:" + string(problems) +
      "\nRename, allow and ignore with {.rename = {{\"^fc1\\\\.\", \"0.\"}}, "
      ".allow_missing = true, .ignore_extra = true}; plan_load() shows the whole plan");
}
[[gnu::cold]] inline FormatError names_too_long_to_rename(Text file, Text name, std::size_t usual) {
  return FormatError("the file " + in_quotes(file) + " has more names of over " + to_string(usual) +
                     " bytes than rules of renaming can search, " + shown_name(name) +
                     " among them: are they names at all?");
}
[[gnu::cold]] inline LoadError damaged(Text file, Text list) {
  return LoadError("the file " + in_quotes(file) + " is damaged, and the net is as it was:" +
                   string(list) + "\nTake another copy of the file");
}
[[gnu::cold]] inline LoadError nothing_to_verify(Text file) {
  return LoadError("the file " + in_quotes(file) +
                   " has neither fingerprints nor a probe to verify: save it with "
                   "{.fingerprints = true, .probe = x}, or load it without .verify");
}
[[gnu::cold]] inline LoadError probe_differs(Text file, Text how) {
  return LoadError("the file " + in_quotes(file) +
                   " does not compute what it did when it was saved, and the net is as it was: "
                   "for the probe in the file, the output " +
                   string(how) +
                   ". Is a weight transposed, or the net another one? If rounding explains it, "
                   "give a larger .tolerance");
}

// Checkpoints.

[[gnu::cold]] inline ValueError not_in_the_net(Text file, Text path) {
  return ValueError("the checkpoint " + in_quotes(file) +
                    " would be incomplete: the Trainer trains " + in_quotes(path) +
                    ", which the net does not have (one of this path in another net is not it). "
                    "Put all that is trained under one Sequential");
}
[[gnu::cold]] inline ValueError reserved_metadata_key(Text file, Text key) {
  return ValueError("the checkpoint " + in_quotes(file) + " cannot have the key " +
                    shown_name(key) +
                    " in its metadata, since those with 'parton.' are its own: choose another key");
}
[[gnu::cold]] inline FileError checkpoint_extension(Text file) {
  return FileError("the checkpoint " + in_quotes(file) +
                   " must be a file that ends in .safetensors: no other format holds all of it");
}
[[gnu::cold]] inline LoadError no_checkpoint(Text file) {
  return LoadError("the file " + in_quotes(file) +
                   " is no checkpoint: save_checkpoint() did not write it, so there is nothing to "
                   "go on from. Take its parameters alone with io::load(net, path)");
}
[[gnu::cold]] inline LoadError checkpoint_version(Text file, Text found, Text known) {
  return LoadError("the checkpoint " + in_quotes(file) + " has the version " + shown_name(found) +
                   ", and this library knows " + string(known) +
                   ": load it with the library that wrote it, or take its parameters alone with "
                   "io::load(net, path)");
}
[[gnu::cold]] inline LoadError bad_checkpoint_number(Text file, Text key, Text found,
                                                     Text expected) {
  return LoadError("the checkpoint " + in_quotes(file) + " is damaged, and nothing was loaded: " +
                   shown_name(key) + " must be " + string(expected) + ", not " + shown_name(found) +
                   ". Take another copy of the file");
}
[[gnu::cold]] inline LoadError checkpoint_does_not_fit(Text file, Text problems) {
  return LoadError(
      "the checkpoint " + in_quotes(file) +
      " does not fit, and net, Trainer and random state are as they were:" + string(problems) +
      "\nBuild the net and the Trainer as they were when it was saved, or take its "
      "parameters alone with io::load(net, path)");
}

// Asking a file for its tensors.

[[gnu::cold]] inline KeyError no_such_tensor(Text file, Text name,
                                             const std::vector<std::string>& nearest,
                                             std::size_t count) {
  return KeyError("the file " + in_quotes(file) + " has no tensor " + shown_name(name) + " among " +
                  to_string(count) + "." + detail::did_you_mean(nearest));
}
[[gnu::cold]] inline TypeError tensor_dtype(Text file, Text name, Text found, Text asked) {
  return TypeError("the file " + in_quotes(file) + " has the tensor " + shown_name(name) + " as " +
                   string(found) + ", not " + string(asked) + ": ask for tensor<" + string(found) +
                   ">, or for a floating scalar with converted<" + string(asked) + ">");
}
[[gnu::cold]] inline TypeError dtype_not_held(const FilePlace& place, Text dtype) {
  return TypeError(at(place) + "its dtype " + string(dtype) +
                   " is one that a Tensor cannot hold: convert it to float32 where it was made");
}

// What is wrong inside.

[[gnu::cold]] inline FormatError file_too_short(const FilePlace& place, std::uint64_t needs,
                                                std::uint64_t has) {
  return FormatError(at(place) + "it ends too early: " + to_string(needs) +
                     " bytes are needed from here on, there are " + to_string(has) +
                     ". The file was cut off, or is of another format");
}
[[gnu::cold]] inline FormatError bytes_left_over(const FilePlace& place, std::uint64_t expected,
                                                 std::uint64_t found) {
  return FormatError(at(place) + "the data end at byte " + to_string(expected) +
                     ", but the file goes on to byte " + to_string(found) +
                     ": something was appended, or its header is damaged");
}
[[gnu::cold]] inline FormatError header_too_long(const FilePlace& place, std::uint64_t found,
                                                 std::uint64_t limit) {
  return FormatError(at(place) + "the header says to be " + to_string(found) +
                     " bytes long: the limit is " + to_string(limit));
}
[[gnu::cold]] inline FormatError bad_header(const FilePlace& place, Text reason) {
  return FormatError(at(place) + "the header cannot be read: " + string(reason));
}
[[gnu::cold]] inline FormatError bad_field(const FilePlace& place, Text field, Text expected) {
  return FormatError(at(place) + in_quotes(field) + " must be " + string(expected));
}
[[gnu::cold]] inline FormatError missing_field(const FilePlace& place, Text field) {
  return FormatError(at(place) + in_quotes(field) + " is missing");
}
[[gnu::cold]] inline FormatError duplicate_key(const FilePlace& place, Text key) {
  return FormatError(at(place) + shown_name(key) + " is there twice");
}
[[gnu::cold]] inline FormatError unknown_dtype(const FilePlace& place, Text dtype) {
  return FormatError(at(place) + "the dtype " + shown_name(dtype) +
                     " is not known: where the file was made, convert it to a number such as "
                     "float32, or leave it out");
}
[[gnu::cold]] inline FormatError shape_too_large(const FilePlace& place, Text shape) {
  return FormatError(at(place) + "the shape " + string(shape) +
                     " has more elements than memory can address");
}
[[gnu::cold]] inline FormatError too_many_dimensions(const FilePlace& place, std::size_t rank,
                                                     std::size_t limit) {
  return FormatError(at(place) + "its shape has " + to_string(rank) +
                     " dimensions: a Tensor has at most " + to_string(limit));
}
[[gnu::cold]] inline FormatError wrong_byte_count(const FilePlace& place, Text shape, Text dtype,
                                                  std::uint64_t expected, std::uint64_t found) {
  return FormatError(at(place) + "the shape " + string(shape) + " of " + string(dtype) + " takes " +
                     to_string(expected) + " bytes, but it has " + to_string(found));
}
[[gnu::cold]] inline FormatError reversed_offsets(const FilePlace& place, std::uint64_t begin,
                                                  std::uint64_t end) {
  return FormatError(at(place) + "its data begin at " + to_string(begin) + " and end before, at " +
                     to_string(end));
}
[[gnu::cold]] inline FormatError hole_or_overlap(const FilePlace& place, std::uint64_t expected,
                                                 std::uint64_t found) {
  return FormatError(at(place) + "its data begin at " + to_string(found) +
                     " of the data, where they must begin at " + to_string(expected) +
                     (found < expected ? ": they overlap those of another tensor"
                                       : ": there is a hole that no tensor uses"));
}
[[gnu::cold]] inline FormatError name_in_file_too_long(const FilePlace& place, std::size_t length,
                                                       std::size_t limit) {
  return FormatError(at(place) + "the name has " + to_string(length) + " bytes: the limit is " +
                     to_string(limit));
}
[[gnu::cold]] inline FormatError bad_archive(const FilePlace& place, Text reason) {
  return FormatError(at(place) + "the ZIP archive cannot be read: " + string(reason));
}
[[gnu::cold]] inline FormatError not_a_bool(const FilePlace& place, unsigned value) {
  return FormatError(at(place) + "a bool must be 0 or 1, not " + to_string(value));
}

}  // namespace parton::errors
