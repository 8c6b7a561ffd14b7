// The command line of `verso`: which command it names, with what, and how the run ends.
#pragma once

namespace verso::cli {

/// Does what a command line says and answers the exit code: 0 done, 1 refused, different or
/// damaged, 2 misused.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace verso::cli
