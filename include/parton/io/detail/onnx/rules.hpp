// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <parton/io/detail/onnx/arrange.hpp>
#include <parton/io/detail/onnx/binary.hpp>
#include <parton/io/detail/onnx/lookup.hpp>
#include <parton/io/detail/onnx/reduce.hpp>
#include <parton/io/detail/onnx/unary.hpp>
#include <parton/io/detail/onnx/windows.hpp>

/// \file All rules together.

namespace parton::io::detail::to_onnx {

/// Turns one step into nodes. \throws ExportError if ONNX has no such op.
inline void emit(Emission& to) {
  const std::string_view op = to.op();
  for (const PlainUnary& one : plain_unary)
    if (one.op == op) return to.result(to.node(one.type, {to.in(0)}));
  for (const PlainBinary& one : plain_binary)
    if (one.op == op) return binary::plain(to, one);
  const auto find = [&](const auto& rules) {
    for (const Rule& rule : rules)
      if (rule.op == op) return rule.emit(to), true;
    return false;
  };
  if (find(unary_rules) || find(binary_rules) || find(reduce_rules) || find(arrange_rules) ||
      find(lookup_rules) || find(layer_rules) || find(window_rules))
    return;
  const std::string& path = to.step().path;
  if (op == "function") throw errors::onnx_own_function(to.text("name"), path);
  if (op == "dropout")
    throw errors::onnx_not_expressible(
        op, path, "it draws random numbers: use nn::Dropout, which does so in training alone");
  throw errors::onnx_no_such_op(op, path);
}

}  // namespace parton::io::detail::to_onnx
