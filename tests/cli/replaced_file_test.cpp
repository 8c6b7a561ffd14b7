// Goal: a file that is to be replaced is as it was, or as it is to be, and beside it nothing is
// left. What the command does with it is tested with `verso export`.
#include "cli/replaced_file.hpp"

#include "read_file.hpp"
#include "storage/child_process.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace verso::cli;

TEST_CASE("replaced file: a signal that ends the process leaves what was there", "[cli]") {
    const verso::storage::TemporaryFolder folder;
    std::ofstream(folder / "there") << "before";
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const auto ended = verso::storage::in_child([&] {
            ReplacedFile file(folder / "there");
            file.write("half of what is to come");
            std::raise(signal);
            return std::string("went on");
        });
        CHECK(ended.signal == signal);
        CHECK(ended.report.empty());
        CHECK(verso::test::read_file(folder / "there") == "before");
        CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    }
}

TEST_CASE("replaced file: a signal that is ignored stays so", "[cli]") {
    const verso::storage::TemporaryFolder folder;
    const auto ended = verso::storage::in_child([&] {
        std::signal(SIGHUP, SIG_IGN);
        ReplacedFile file(folder / "new");
        std::raise(SIGHUP);
        file.write("all");
        file.commit();
        std::raise(SIGHUP);
        return std::string("went on");
    });
    CHECK(ended.report == "went on");
    CHECK(verso::test::read_file(folder / "new") == "all");
}
