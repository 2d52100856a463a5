// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <parton/io/detail/checkpoint_text.hpp>
#include <parton/io/load.hpp>
#include <parton/io/save.hpp>
#include <parton/optim/trainer.hpp>
#include <parton/random/seed.hpp>

/// \file Training that can be interrupted: everything that the next step depends on in one file.

namespace parton::io {

/// What save_checkpoint() may be told.
struct CheckpointOptions {
  /// What load_checkpoint() gives back: `{{"epoch", "12"}}`.
  Metadata metadata = {};
};

namespace detail {

/// That of the metadata as a whole.
inline std::string metadata_fingerprint(const Metadata& metadata) {
  const std::string own = checkpoint_key(metadata_fingerprint_key);
  std::string text;
  for (const auto& [key, value] : metadata)
    if (key != own)
      for (const std::string* part : {&key, &value})
        text.append(std::to_string(part->size())).append(" ").append(*part);
  return fingerprint_text(reinterpret_cast<const std::byte*>(text.data()), text.size());
}

/// \throws ValueError naming a parameter of the Trainer that is not in the net.
template <class Scalar>
void check_trained(const std::string& file, const std::vector<NetEntry>& net,
                   const optim::Trainer<Scalar>& trainer) {
  std::unordered_set<const ParameterBase*> in_net;
  for (const NetEntry& entry : net) in_net.insert(entry.parameter);
  for (const auto& entry : trainer.parameters())
    if (!in_net.contains(&entry.parameter()))
      throw errors::not_in_the_net(file, entry.parameter().path());
}

/// What a file says that a Trainer's state is; tensors of another dtype are added to `problems`.
template <class Scalar>
optim::TrainerState<Scalar> trainer_state_of(const File& file, std::string& problems) {
  using Wide = parton::detail::Wide<Scalar>;
  const CheckpointReader reader(file.path(), file.metadata());
  optim::TrainerState<Scalar> state;
  state.optimizer = reader.text(optimizer_key, "the name of an optimizer");
  state.steps = reader.whole(steps_key);
  state.learning_rate = reader.real(learning_rate_key);
  const std::string updates = checkpoint_key(updates_key);
  for (const auto& [key, value] : file.metadata())
    if (key.starts_with(updates))
      state.counts.emplace(key.substr(updates.size()), reader.whole(key, value));
  for (const TensorInfo& info : file.tensors()) {
    if (!info.name.starts_with(checkpoint_prefix)) continue;
    if (info.dtype == dtype_of<Wide>())
      state.tensors.emplace(info.name.substr(checkpoint_prefix.size()),
                            file.template tensor<Wide>(info.name));
    else
      problems += "\n  mismatched: the state " + errors::shown_name(info.name) + " has the dtype " +
                  std::string(to_string(info.dtype)) + ", not " + std::string(dtype_name<Wide>());
  }
  return state;
}

inline random::State random_state_of(const CheckpointReader& reader) {
  return {reader.whole(seed_key), reader.whole(position_key), reader.whole(seeded_key) != 0,
          reader.whole(initializations_key)};
}

/// \throws LoadError for a file that is no checkpoint, or one of another version.
inline void check_is_checkpoint(const File& file) {
  const auto version = file.metadata().find(checkpoint_key(version_key));
  if (version == file.metadata().end()) throw errors::no_checkpoint(file.path());
  if (version->second != checkpoint_version)
    throw errors::checkpoint_version(file.path(), version->second, checkpoint_version);
}

/// \throws LoadError that lists every tensor whose bytes are not those that were written.
inline void check_undamaged(const File& file) {
  std::string wrong;
  std::size_t checked = 0;
  const auto own = file.metadata().find(checkpoint_key(metadata_fingerprint_key));
  if (own == file.metadata().end() || own->second != metadata_fingerprint(file.metadata()))
    wrong += "\n  the metadata are not what was written";
  for (const TensorInfo& info : file.tensors())
    wrong += check_fingerprint(file, info, info.name, checked);
  if (!wrong.empty()) throw errors::damaged(file.path(), wrong);
}

}  // namespace detail

/// Saves all that training depends on in one .safetensors file: the net's parameters, running
/// statistics and constants, by their paths; the Trainer's state (its optimizer's tensors, how many
/// updates each parameter had, steps, where the schedule is, learning rate); and where the
/// randomness of the process stands. `io::load(net, path)` takes the parameters alone.
///
/// Not in it: the options of net, optimizer, schedule and groups, multipliers and grad_req, which
/// the program gives again; gradients; and generators of the program's own. What was there before
/// stays whole until the new file is, so the last checkpoint may be saved over.
/// \throws ValueError if the Trainer trains what the net does not have, or for a key of the
/// metadata that the file needs for itself; and the errors of io::save
template <class Scalar>
void save_checkpoint(const nn::Block<Scalar>& net, const optim::Trainer<Scalar>& trainer,
                     const std::string& path, const CheckpointOptions& options = {}) {
  using namespace detail;
  if (extension_of(path) != ".safetensors") throw errors::checkpoint_extension(path);
  const std::vector<NetEntry> entries = list_net(net.node());
  check_trained(path, entries, trainer);
  Metadata metadata;
  for (const auto& [key, value] : options.metadata) {
    if (key.starts_with("parton.")) throw errors::reserved_metadata_key(path, key);
    metadata.emplace(key, value);
  }
  std::vector<Array> arrays;
  for (const NetEntry& entry : entries) {
    const auto& parameter = static_cast<const Parameter<Scalar>&>(*entry.parameter);
    arrays.emplace_back(entry.path, parameter.data());
    for (const std::string& alias : entry.aliases) add_metadata(path, metadata, alias, entry.path);
    if (parameter.draws() > 0)
      metadata.emplace(checkpoint_key(draws_key, entry.path), number_text(parameter.draws()));
  }
  const optim::TrainerState<Scalar> state = trainer.state_dict();
  for (const auto& [key, tensor] : state.tensors) arrays.emplace_back(checkpoint_key(key), tensor);
  for (const auto& [key, count] : state.counts)
    metadata.emplace(checkpoint_key(updates_key, key), number_text(count));
  const random::State random = random::state();
  for (const auto& [key, text] :
       {std::pair(version_key, std::string(checkpoint_version)),
        std::pair(optimizer_key, state.optimizer), std::pair(steps_key, number_text(state.steps)),
        std::pair(learning_rate_key, number_text(state.learning_rate)),
        std::pair(seed_key, number_text(random.seed)),
        std::pair(position_key, number_text(random.position)),
        std::pair(seeded_key, number_text(random.seeded ? 1 : 0)),
        std::pair(initializations_key, number_text(random.initializations))})
    metadata.emplace(checkpoint_key(key), text);
  for (const Array& array : arrays)
    metadata.emplace(std::string(fingerprint_key) + array.name(), fingerprint_text(array));
  metadata.emplace(checkpoint_key(metadata_fingerprint_key), metadata_fingerprint(metadata));
  save(arrays, path, metadata);
}

/// Goes on from a file that save_checkpoint() wrote, in this process or another one: training then
/// does to the bit what it would have done. Returns the metadata that were given when it was saved.
///
///     net.initialize();  // shapes may be unknown still: the file tells them
///     optim::Trainer trainer(net.collect_params(), optim::Adam());
///     int epoch = 0;
///     if (std::filesystem::exists(path))
///       epoch = std::stoi(io::load_checkpoint(net, trainer, path).at("epoch"));
///
/// All or nothing: everything is checked and read first, the fingerprints of the bytes included,
/// and a load that fails, for whatever reason, leaves net, Trainer and random state as they were.
/// Gradients from before count as stale.
/// \throws LoadError that lists everything in the way: another optimizer, state or parameters that
/// are missing, extra, or of another shape or dtype; or bytes that have changed. \throws LoadError
/// for a file that is no checkpoint; FileError, FormatError, MemoryError; ValueError if the Trainer
/// trains what the net does not have
template <class Scalar>
Metadata load_checkpoint(nn::Block<Scalar>& net, optim::Trainer<Scalar>& trainer,
                         const std::string& path) {
  using namespace detail;
  const File file = open(path);
  check_is_checkpoint(file);
  const std::vector<NetEntry> entries = list_net(net.node());
  check_trained(path, entries, trainer);

  const LoadPlan plan = detail::plan<Scalar>(file, entries, {.dtype = DtypeRule::same});
  std::string problems = plan.problems();
  const CheckpointReader reader(file.path(), file.metadata());
  const random::State random = random_state_of(reader);
  const std::size_t before = problems.size();
  const optim::TrainerState<Scalar> state = trainer_state_of<Scalar>(file, problems);
  const bool has_all = problems.size() == before;
  std::unordered_map<std::string_view, const LoadPlan::Match*> matches;
  for (const LoadPlan::Match& match : plan.matched) matches.emplace(match.path, &match);
  std::unordered_map<const ParameterBase*, Shape> shapes;
  std::vector<std::pair<Parameter<Scalar>*, std::uint64_t>> draws;
  Metadata given = file.metadata();
  for (const NetEntry& entry : entries) {
    if (const auto at = matches.find(entry.path); at != matches.end())
      shapes.emplace(entry.parameter, at->second->shape);
    const std::string key = checkpoint_key(draws_key, entry.path);
    const auto count = file.metadata().find(key);
    draws.emplace_back(static_cast<Parameter<Scalar>*>(entry.parameter),
                       count == file.metadata().end() ? 0 : reader.whole(key, count->second));
    for (const std::string& alias : entry.aliases) given.erase(alias);
  }
  std::erase_if(given, [](const auto& item) { return item.first.starts_with("parton."); });

  const std::lock_guard lock(parton::detail::initialization_mutex());
  typename optim::Trainer<Scalar>::Load trainer_load;
  try {
    if (has_all) trainer_load = trainer.prepare_load(state, shapes);
  } catch (const ValueError& error) {
    problems += std::string("\n  ") + error.what();
  }
  if (!problems.empty()) throw errors::checkpoint_does_not_fit(path, problems);
  check_undamaged(file);
  Loads<Scalar> loads = prepare_loads<Scalar>(file, entries, plan);

  // From here on nothing fails.
  commit_loads<Scalar>(std::move(loads));
  trainer.commit_load(std::move(trainer_load));
  random::set_state(random);
  for (auto& [parameter, count] : draws) {
    parameter->set_draws(count);
    parameter->mark_grad_stale();
  }
  return given;
}

}  // namespace parton::io
