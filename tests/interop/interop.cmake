# SPDX-License-Identifier: MIT
# Our files in the hands of other software: @huggingface/hub of npm reads the .safetensors files
# that hub_files.cpp writes. Skipped with a message where the package cannot be installed. NumPy's
# side is in io/npz.cpp.

set(run ${CMAKE_COMMAND} -D SCRIPT=${CMAKE_CURRENT_SOURCE_DIR}/interop/hub.mjs
        -D MODULES=${CMAKE_CURRENT_BINARY_DIR}/interop/node -D FILES=${PARTON_INTEROP_FILES})
set(script -P "${CMAKE_CURRENT_SOURCE_DIR}/interop/run.cmake")
add_test(NAME interop/hub COMMAND ${run} ${script})
# The check can fail.
add_test(NAME interop/self_check COMMAND ${run} -D WRONG=wrong ${script})
set_tests_properties(interop/self_check PROPERTIES PASS_REGULAR_EXPRESSION
                     "DIFFERS: dtypes.safetensors.*1 of 2 files differ")
set_tests_properties(interop/hub_files PROPERTIES FIXTURES_SETUP interop_files)
set_tests_properties(interop/hub interop/self_check PROPERTIES
                     SKIP_REGULAR_EXPRESSION "SKIPPED: " FIXTURES_REQUIRED interop_files
                     RESOURCE_LOCK interop_node LABELS interop TIMEOUT 400)
