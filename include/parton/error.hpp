// SPDX-License-Identifier: MIT
#pragma once

#include <parton/detail/error_types.hpp>
#include <parton/error/arrange.hpp>
#include <parton/error/autograd.hpp>
#include <parton/error/block.hpp>
#include <parton/error/init.hpp>
#include <parton/error/io.hpp>
#include <parton/error/loss.hpp>
#include <parton/error/onnx.hpp>
#include <parton/error/op.hpp>
#include <parton/error/optim.hpp>
#include <parton/error/parameter.hpp>
#include <parton/error/random.hpp>
#include <parton/error/report.hpp>
#include <parton/error/tensor.hpp>
#include <parton/error/window.hpp>

/// \file Every text that the library throws: one named factory for each message, in error/ by the
/// room that throws it, so that all of them can be read in one place. A text says what was wrong,
/// with the expected and the found value and the parameter's path, and then how to mend it.
