// SPDX-License-Identifier: MIT
// A command-line tool: what is in a .safetensors, .npz, .npy or MXNet .params file, and how two of
// them differ. One tensor at a time is read, and none with --no-stats, so that files larger than
// memory can be looked at.
//
//     inspect net.safetensors
//     inspect net.safetensors --pattern ".*weight" --sort size
//     inspect net.safetensors --diff other.npz   # exit code 0: the same, 1: they differ, 2: an
//     error
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <parton/io.hpp>
#include <parton/report/histogram.hpp>
#include <parton/report/statistics.hpp>

using namespace parton;

namespace {

struct Settings {
  std::string file;
  std::string other;  // --diff
  std::string pattern;
  std::string sort = "name";
  Index bins = 10;
  bool no_stats = false;
  bool metadata = false;
};

constexpr int differs = 1, failed = 2;

using Infos = std::vector<const io::TensorInfo*>;

/// Names come from a file and may have anything in them, which a terminal shall not see.
std::string shown(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, in two bytes, are commands too.
    const bool command =
        code == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    result += code < 32 || code == 127 || command ? '?' : text[i];
    if (command) ++i;
  }
  return result;
}

/// `1.5 KiB`
std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{" B", " KiB", " MiB", " GiB", " TiB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return detail::fixed_number(value, unit == 0 ? 0 : 1) + units[unit];
}

std::string number_text(double value) { return detail::short_number(value); }

/// The tensors that the pattern selects, in the order that is asked for.
Infos selected(const io::File& file, const Settings& settings) {
  std::optional<detail::NamePattern> pattern;
  if (!settings.pattern.empty()) pattern.emplace(settings.pattern);
  Infos result;
  for (const io::TensorInfo& info : file.tensors())
    if (!pattern || (*pattern)(info.name)) result.push_back(&info);
  if (settings.sort == "name")
    std::sort(result.begin(), result.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
  if (settings.sort == "size")
    std::stable_sort(result.begin(), result.end(),
                     [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
  return result;
}

/// Opens the file anew now and then, so that what has been looked at does not stay in memory.
class Reader {
 public:
  explicit Reader(const std::string& path) : file_(io::open(path)) {}

  const io::File& before(const io::TensorInfo& info) {
    constexpr std::uint64_t limit = std::uint64_t{64} << 20U;
    if (seen_ > limit) {
      file_ = io::open(std::string(file_.path()));
      seen_ = 0;
    }
    seen_ += info.bytes;
    return file_;
  }

 private:
  io::File file_;
  std::uint64_t seen_ = 0;
};

// --- the list ---

/// A histogram in one line: a character for each bin, higher for more.
std::string small_histogram(const Histogram& histogram) {
  constexpr std::array<const char*, 9> levels{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const Index highest =
      std::max<Index>(1, *std::max_element(histogram.counts.begin(), histogram.counts.end()));
  std::string text = "|";
  for (const Index count : histogram.counts)
    // Few are not none.
    text += levels[static_cast<std::size_t>((8 * count + highest - 1) / highest)];
  return text + "|";
}

using Row = std::vector<std::string>;

/// Columns of equal width, as the first row has them: texts to the left, numbers to the right. The
/// last cell of a row is as long as it is.
void print(const std::vector<Row>& rows, std::size_t texts) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  const auto is_last = [](const Row& row, std::size_t i) { return i >= 4 && i + 1 == row.size(); };
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!is_last(row, i)) widths[i] = std::max(widths[i], row[i].size());
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      if (is_last(row, i))
        line += row[i];
      else
        line += i < texts ? detail::padded_right(row[i], widths[i])
                          : detail::padded_left(row[i], widths[i]);
    }
    std::cout << line << '\n';
  }
}

/// What the values of one tensor are like; and its histogram in full, if it is the only one.
Row statistics_cells(const io::File& file, const io::TensorInfo& info, const Settings& settings,
                     std::string* bars) {
  if (!io::is_held(info.dtype)) return {"(its values cannot be read)"};
  Row cells;
  file.visit(info.name, [&](const auto& x) {
    const Statistics s = statistics(x);
    for (const double value : {s.mean, s.deviation, s.min, s.max, s.norm})
      cells.push_back(s.finite() > 0 ? number_text(value) : "-");
    for (const Index count : {s.zeros, s.nan, s.inf}) cells.push_back(std::to_string(count));
    const Histogram bins = histogram(x, {.bins = settings.bins});
    cells.push_back(small_histogram(bins));
    if (bars != nullptr) *bars = bins.text();
  });
  return cells;
}

int list(const Settings& settings) {
  Reader reader(settings.file);
  const io::File file = io::open(settings.file);
  const Infos infos = selected(file, settings);
  if (infos.empty() && !file.tensors().empty())
    throw std::runtime_error("no tensor among the " + std::to_string(file.tensors().size()) +
                             " of '" + settings.file + "' matches '" + settings.pattern +
                             "', which must match a name from its start: '.*weight' matches "
                             "'0.weight'");
  std::uint64_t bytes = 0, elements = 0;
  for (const io::TensorInfo* info : infos) {
    bytes += info->bytes;
    elements += static_cast<std::uint64_t>(info->shape.size());
  }
  std::cout << settings.file << ": " << infos.size()
            << (infos.size() == 1 ? " tensor, " : " tensors, ") << elements
            << (elements == 1 ? " element, " : " elements, ") << bytes_text(bytes) << "\n\n";

  std::vector<Row> rows = {{"name", "shape", "dtype", "size"}};
  if (!settings.no_stats)
    for (const char* title :
         {"mean", "deviation", "min", "max", "norm", "zero", "NaN", "Inf", "histogram"})
      rows[0].emplace_back(title);
  std::string bars;
  for (const io::TensorInfo* info : infos) {
    rows.push_back({shown(info->name), info->shape.to_string(), std::string(to_string(info->dtype)),
                    bytes_text(info->bytes)});
    if (settings.no_stats) continue;
    const Row cells = statistics_cells(reader.before(*info), *info, settings,
                                       infos.size() == 1 ? &bars : nullptr);
    rows.back().insert(rows.back().end(), cells.begin(), cells.end());
  }
  print(rows, 3);
  if (!bars.empty()) std::cout << '\n' << bars;
  if (settings.metadata) {
    std::cout << "\nmetadata:\n";
    for (const auto& [key, value] : file.metadata())
      std::cout << "  " << shown(key) << " = " << shown(value) << '\n';
    if (file.metadata().empty()) std::cout << "  none\n";
  }
  return 0;
}

// --- the difference ---

/// Any element of a tensor as a number that holds all of its bits.
using Values = std::function<void(Index from, std::span<long double> to)>;

Values values_of(const io::File& file, const io::TensorInfo& info) {
  Values result;
  file.visit(info.name, [&](const auto& x) {
    result = [x](Index from, std::span<long double> to) {
      for (std::size_t i = 0; i < to.size(); ++i) {
        const auto value = x.data()[from + static_cast<Index>(i)];
        if constexpr (std::is_integral_v<decltype(value)>)
          to[i] = value;
        else
          to[i] = static_cast<double>(value);
      }
    };
  });
  return result;
}

/// How the values of two tensors of one shape differ.
struct Comparison {
  Index size = 0, different = 0, first = -1;
  Index unordered = 0;  // NaN in one of them alone
  long double absolute = 0, relative = 0;

  void compare(const Values& a, const Values& b, Index elements) {
    size = elements;
    std::array<long double, 4096> x, y;
    for (Index from = 0; from < size; from += static_cast<Index>(x.size())) {
      const auto count =
          static_cast<std::size_t>(std::min(size - from, static_cast<Index>(x.size())));
      a(from, std::span(x).first(count));
      b(from, std::span(y).first(count));
      for (std::size_t i = 0; i < count; ++i) add(x[i], y[i], from + static_cast<Index>(i));
    }
  }

  [[nodiscard]] std::string text(const io::TensorInfo& info) const {
    const bool held = io::is_held(info.dtype);
    std::string result = std::to_string(different) + " of " + std::to_string(size) +
                         (held ? " elements differ" : " bytes differ") + ", the first at " +
                         (held ? place(info.shape) : std::to_string(first));
    if (!held) return result;
    if (different > unordered)
      result += "; by at most " + number_text(static_cast<double>(absolute)) + ", relative " +
                number_text(static_cast<double>(relative));
    if (unordered > 0) result += "; NaN in one file alone: " + std::to_string(unordered);
    return result;
  }

 private:
  /// The indices of the first element that differs: `(0, 3)`.
  [[nodiscard]] std::string place(const Shape& shape) const {
    std::vector<Index> indices(shape.begin(), shape.end());
    Index rest = first;
    for (std::size_t axis = indices.size(); axis-- > 0;)
      indices[axis] = std::exchange(rest, rest / shape.dims()[axis]) % shape.dims()[axis];
    return Shape(indices).to_string();
  }

  void add(long double x, long double y, Index at) {
    if (x == y || (std::isnan(x) && std::isnan(y))) return;
    if (different++ == 0) first = at;
    if (std::isnan(x) || std::isnan(y)) {
      ++unordered;
      return;
    }
    absolute = std::max(absolute, std::abs(x - y));
    const long double larger = std::max(std::abs(x), std::abs(y));
    // Of an infinity and a number: all of it.
    relative = std::max(relative, std::isinf(larger) ? 1 : std::abs(x - y) / larger);
  }
};

std::string described(const io::TensorInfo& info) {
  return shown(info.name) + ' ' + info.shape.to_string() + ' ' + std::string(to_string(info.dtype));
}

/// What is different between two tensors of one name; empty if nothing is.
std::string difference(Reader& left, Reader& right, const io::TensorInfo& a,
                       const io::TensorInfo& b) {
  if (!(a.shape == b.shape))
    return described(a) + ": the shape in the other file is " + b.shape.to_string();
  std::string text;
  if (a.dtype != b.dtype)
    text = described(a) + ": the dtype in the other file is " + std::string(to_string(b.dtype));
  if (a.dtype != b.dtype && (!io::is_held(a.dtype) || !io::is_held(b.dtype))) return text;
  Comparison comparison;
  // As bytes, if a Tensor cannot hold it.
  const Index elements = io::is_held(a.dtype) ? a.shape.size() : static_cast<Index>(a.bytes);
  comparison.compare(values_of(left.before(a), a), values_of(right.before(b), b), elements);
  if (comparison.different > 0)
    return (text.empty() ? described(a) + ": " : text + "; ") + comparison.text(a);
  return text.empty() ? text : text + "; the values are equal";
}

int diff(const Settings& settings) {
  const io::File a = io::open(settings.file), b = io::open(settings.other);
  if (std::filesystem::equivalent(settings.file, settings.other))
    throw std::runtime_error("--diff compares '" + settings.file +
                             "' with itself: name another file");
  const Infos left = selected(a, settings), right = selected(b, settings);
  if (left.empty() && right.empty() && !settings.pattern.empty())
    throw std::runtime_error("no tensor of either file matches '" + settings.pattern + "'");
  std::cout << "--- " << settings.file << "\n+++ " << settings.other << '\n';
  Reader left_reader(settings.file), right_reader(settings.other);
  std::size_t equal = 0, different = 0;
  for (const io::TensorInfo* info : left) {
    const io::TensorInfo* const other = b.find(info->name);
    std::string text = "only in the first: " + described(*info);
    if (other != nullptr) text = difference(left_reader, right_reader, *info, *other);
    if (text.empty()) {
      ++equal;
      continue;
    }
    ++different;
    std::cout << text << '\n';
  }
  for (const io::TensorInfo* info : right)
    if (!a.contains(info->name)) {
      ++different;
      std::cout << "only in the second: " << described(*info) << '\n';
    }
  if (settings.metadata) {
    std::set<std::string> keys;
    for (const io::File* file : {&a, &b})
      for (const auto& [key, value] : file->metadata()) keys.insert(key);
    for (const std::string& key : keys) {
      const auto in_a = a.metadata().find(key), in_b = b.metadata().find(key);
      const auto text = [](const io::File& file, const auto& at) {
        return at == file.metadata().end() ? std::string("nothing") : "'" + shown(at->second) + "'";
      };
      if (text(a, in_a) == text(b, in_b)) continue;
      ++different;
      std::cout << "metadata " << shown(key) << ": " << text(a, in_a) << " and " << text(b, in_b)
                << '\n';
    }
  }
  std::cout << equal << " equal, " << different << " different\n";
  return different == 0 ? 0 : differs;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Shows what is in a file of tensors, or how two of them differ.");
  app.add_option("file", settings.file, "A .safetensors, .npz, .npy or .params file")->required();
  app.add_option("--diff", settings.other,
                 "Another file to compare with by names: exit code 0 if they are the same, 1 if "
                 "they differ, 2 for an error");
  app.add_option("--pattern", settings.pattern,
                 "Which tensors: a regular expression that matches names from their start");
  app.add_option("--sort", settings.sort, "name, size (the largest first) or file")
      ->capture_default_str()
      ->check(CLI::IsMember({"name", "size", "file"}));
  app.add_option("--bins", settings.bins, "Of the histograms")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_flag("--no-stats", settings.no_stats, "Shapes alone: no data are read");
  app.add_flag("--metadata", settings.metadata, "The metadata too");
  try {
    app.parse(argc, argv);
    return settings.other.empty() ? list(settings) : diff(settings);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : failed;
  } catch (const std::exception& error) {
    std::cerr << "inspect: " << error.what() << '\n';
    return failed;
  }
}
