# SPDX-License-Identifier: MIT
# cmake -D MODELS=... -D SCRIPT=... -D MODULES=... -P run.cmake
# Runs the models of a folder by a script; says SKIPPED where what it needs is not to be had.

cmake_minimum_required(VERSION 3.25)

if(SCRIPT MATCHES "[.]py$")
  # That of the system, which has the system's packages, before another one.
  find_program(PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(PYTHON python3)
  if(PYTHON)
    execute_process(COMMAND "${PYTHON}" -c "import cv2, numpy" RESULT_VARIABLE result
                    OUTPUT_QUIET ERROR_QUIET)
  endif()
  if(NOT PYTHON OR NOT result EQUAL 0)
    message("SKIPPED: OpenCV for Python was not found. Debian and Ubuntu: apt-get install "
            "python3-opencv")
    return()
  endif()
  set(command "${PYTHON}" "${SCRIPT}" "${MODELS}")
else()
  include("${CMAKE_CURRENT_LIST_DIR}/../npm.cmake")
  # It brings the library for the CPU; its script would fetch more.
  parton_npm_package(onnxruntime-node@1.30 "${MODULES}")
  if(NODE_SKIPPED)
    message("SKIPPED: ${NODE_SKIPPED}")
    return()
  endif()
  set(command "${NODE}" "${SCRIPT}" "${MODELS}" "${MODULES}")
endif()

execute_process(COMMAND ${command} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the models and parton do not agree")
endif()
