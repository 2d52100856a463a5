# SPDX-License-Identifier: MIT
# cmake -D SCRIPT=... -D FILES=... -D MODULES=... [-D WRONG=wrong] -P run.cmake
# Reads the files of a folder with @huggingface/hub; says SKIPPED where it is not to be had.

cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../npm.cmake")
parton_npm_package(@huggingface/hub@2.17.5 "${MODULES}")
if(NODE_SKIPPED)
  message("SKIPPED: ${NODE_SKIPPED}")
  return()
endif()
execute_process(COMMAND "${NODE}" "${SCRIPT}" "${MODULES}" "${FILES}" ${WRONG}
                RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "@huggingface/hub does not read what was written")
endif()
