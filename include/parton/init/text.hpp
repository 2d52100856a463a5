// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <parton/init/registry.hpp>

/// \file Opt-in, since it needs nlohmann_json: with this header included anywhere in the program,
/// an initializer may be given as JSON, `net.initialize(R"(["xavier", {"magnitude": 3}])")`, which
/// is also what dump() writes.

namespace parton::init::detail {

/// Reads `["name", {options}]`, `["name"]` or `"name"`.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// \throws InitializerError that says what is wrong with the text.
  Arguments read() const {
    Json json;
    try {
      json = Json::parse(text_);
    } catch (const Json::exception& error) {
      throw errors::bad_initializer_text(text_, error.what());
    }
    if (json.is_string()) return Arguments(json.template get<std::string>());
    if (!is_rule(json)) throw bad("it is neither a name nor an array of a name and an object");
    Arguments arguments(json[0].template get<std::string>());
    if (json.size() == 2)
      for (const auto& [option, value] : json[1].items()) arguments.set(option, value_of(value));
    return arguments;
  }

 private:
  using Json = nlohmann::json;

  static bool is_rule(const Json& json) {
    return json.is_array() && !json.empty() && json.size() <= 2 && json[0].is_string() &&
           (json.size() == 1 || json[1].is_object());
  }

  InitializerError bad(std::string_view reason) const {
    return errors::bad_initializer_text(text_, reason);
  }

  Arguments::Value value_of(const Json& json) const {
    using Value = Arguments::Value;
    if (json.is_boolean()) return {.number = json.get<bool>() ? 1.0 : 0.0};
    if (json.is_number()) return {.number = json.get<double>()};
    if (json.is_string()) return {.kind = Value::Kind::text, .text = json.get<std::string>()};
    if (json.is_object()) {
      Value result{.kind = Value::Kind::arrays};
      for (const auto& [name, value] : json.items())
        result.arrays.emplace_back(name, tensor_of(value));
      return result;
    }
    if (!json.is_array()) throw bad("an option is null");
    if (json.size() == 2 && is_rule(json)) return {.kind = Value::Kind::text, .text = json.dump()};
    const Json* first = &json;
    while (first->is_array() && !first->empty()) first = &(*first)[0];
    if (!first->is_string() || is_special(*first))
      return {.kind = Value::Kind::array, .array = tensor_of(json)};
    Value result{.kind = Value::Kind::texts};
    for (const Json& item : json)
      result.texts.push_back(item.is_string() ? item.get<std::string>() : item.dump());
    return result;
  }

  /// What stands for a number that JSON does not have.
  static bool is_special(const Json& json) {
    return json == "NaN" || json == "Infinity" || json == "-Infinity";
  }

  Tensor<double> tensor_of(const Json& json) const {
    std::vector<Index> dims;
    for (const Json* level = &json; level->is_array(); level = &(*level)[0]) {
      if (dims.size() == Shape::max_rank) throw bad("an array has too many dimensions");
      dims.push_back(static_cast<Index>(level->size()));
      if (level->empty()) break;
    }
    std::vector<double> values;
    collect(json, dims, 0, values);
    return Tensor<double>(values).reshape(Shape(dims)).copy();
  }

  void collect(const Json& json, const std::vector<Index>& dims, std::size_t depth,
               std::vector<double>& values) const {
    if (depth == dims.size()) {
      if (json.is_number()) {
        values.push_back(json.get<double>());
      } else if (is_special(json)) {
        const double infinity = std::numeric_limits<double>::infinity();
        values.push_back(json == "NaN" ? std::numeric_limits<double>::quiet_NaN()
                                       : (json == "Infinity" ? infinity : -infinity));
      } else {
        throw bad("an array holds something that is not a number, or lists of different depths");
      }
      return;
    }
    if (!json.is_array() || static_cast<Index>(json.size()) != dims[depth])
      throw bad("an array has lists of different lengths");
    for (const Json& item : json) collect(item, dims, depth + 1, values);
  }

  std::string_view text_;
};

inline const bool json_installed = (
    text_parser = [](std::string_view text) { return JsonReader(text).read(); }, true);

}  // namespace parton::init::detail
