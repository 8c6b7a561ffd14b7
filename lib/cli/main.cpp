// The command `verso`.
#include "cli/command_line.hpp"

#include <csignal>

int main(int argc, char** argv) {
    std::signal(SIGPIPE,
                SIG_DFL);  // `verso list ... | head` ends quietly, whatever the parent has set
    return verso::cli::run(argc, argv);
}
