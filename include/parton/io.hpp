// SPDX-License-Identifier: MIT
#pragma once

/// \file Files: what needs nlohmann_json and libzip beside Eigen (CMake target parton::io).

#include <parton/io/array.hpp>
#include <parton/io/checkpoint.hpp>
#include <parton/io/dtype.hpp>
#include <parton/io/file.hpp>
#include <parton/io/load.hpp>
#include <parton/io/npy.hpp>
#include <parton/io/npz.hpp>
#include <parton/io/open.hpp>
#include <parton/io/params.hpp>
#include <parton/io/plan.hpp>
#include <parton/io/safetensors.hpp>
#include <parton/io/save.hpp>
