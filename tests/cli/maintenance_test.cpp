// Goal: a store's size and health are told truthfully. Method: real stores, one of them damaged
// byte by byte.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <random>

using namespace verso::cli;
using Catch::Contains;

TEST_CASE("stat: for people and for programs", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    CHECK_THAT(work.ok({"stat"}), Contains("KiB") && Contains("Versions"));
    const auto stats = work.json({"stat"});
    CHECK(number_at(stats, "/versions") == 1);
    CHECK(number_at(stats, "/usedBytes") > 100'000);
    CHECK(number_at(stats, "/fileBytes") >= number_at(stats, "/usedBytes"));
}

TEST_CASE("stat: it is watched, a line at a time", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    const std::string watched = work.ok({"stat", "--watch", "1", "--times", "2"});
    CHECK(std::ranges::count(watched, '\n') == 3);
    CHECK_THAT(watched, Contains("versions") && Contains("held back") && Contains("KiB"));
    const std::string lines = work.ok({"stat", "--watch", "1", "--times", "2", "--json"});
    CHECK(std::ranges::count(lines, '\n') == 2);
    CHECK_THAT(lines, Contains("\"heldBytes\":0"));
}

TEST_CASE("gc: what is dropped is told", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    CHECK(number_at(work.json({"gc"}), "/commits") == 0);
    work.ok({"version", "delete", "Harbour", "1.0.0", "-q"});
    CHECK(number_at(work.json({"stat"}), "/commitsToDrop") > 0);
    CHECK_THAT(work.ok({"stat"}), Contains("to be dropped (verso gc)"));
    CHECK_THAT(work.ok({"gc"}), Contains("Dropped 1 commit"));
    const auto stats = work.json({"stat"});
    CHECK(number_at(stats, "/commitsToDrop") == 0);
    CHECK(number_at(stats, "/nodeChunks") == 0);
}

TEST_CASE("verify: a sound store ends with 0", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    CHECK_THAT(work.ok({"verify"}), Contains("All is well: 1 version in 1 connection"));
    CHECK(work.ok({"verify", "-q"}).empty());
    CHECK_THAT(work.ok({"verify", "Harbour"}), Contains("All is well"));
    CHECK_THAT(work.verso({"verify", "Nowhere"}).err, Contains("Nowhere"));
    const auto report = work.json({"verify"});
    CHECK(report.at("clean").as_bool());
    CHECK(report.at("findings").as_array().empty());
}

namespace {

/// Damages documents of a store that is closed.
void damage_tariffs(const std::string& path) {
    const std::string bytes = read_file(path);
    const std::string document = "\"path\":\"/tariffs\"";
    const auto at = bytes.find(document);
    REQUIRE(at != std::string::npos);
    for (auto each = at; each != std::string::npos; each = bytes.find(document, each + 1)) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(each + 9));
        file << 'T';
    }
}

}  // namespace

TEST_CASE("salvage: what a damaged store still has is saved, and what is lost is told", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    work.ok({"connection", "create", "Other", "-q"});
    CHECK_THAT(work.ok({"salvage", "whole.store"}),
               Contains("Saved 1 version in 2 connections") && Contains("nothing was lost"));
    CHECK(work.ok({"export", "Harbour", "1.0.0", "--store", "whole.store"}) ==
          work.ok({"export", "Harbour", "1.0.0"}));
    CHECK_THAT(work.verso({"salvage", "whole.store"}).err, Contains("there already"));

    damage_tariffs(work.path("verso.store"));
    const Outcome outcome = work.verso({"salvage", "saved.store"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("Damaged or lost: ") && Contains("action \"") &&
                                Contains("Saved 1 version in 2 connections to saved.store, 1 of "
                                         "which lack resources, in "));
    work.ok({"verify", "--store", "saved.store"});
    CHECK_THAT(work.ok({"list", "Harbour", "1.0.0", "action", "--store", "saved.store"}),
               Contains("berths"));
    const auto report = work.json({"salvage", "again.store", "--max-losses", "1"}, 1);
    CHECK(number_at(report, "/lossesTotal") > 1);
    CHECK(report.at("losses").as_array().size() == 1);
    CHECK_THAT(work.verso({"salvage", "x.store", "--store", "nowhere"}).err,
               Contains("no store at nowhere"));
}

TEST_CASE("verify: a damaged document ends with 1 and is named", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    damage_tariffs(work.path("verso.store"));
    const Outcome outcome = work.verso({"verify"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("finding") && Contains("backup"));
    const auto report = work.json({"verify"}, 1);
    CHECK_FALSE(report.at("clean").as_bool());
    CHECK_FALSE(text_at(report, "/findings/0/where").empty());
}

TEST_CASE("backup: it is a store with the same in it, and never replaces a file", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    CHECK_THAT(work.ok({"backup", "copy.store"}), Contains(" to copy.store, "));
    CHECK(work.ok({"export", "Harbour", "1.0.0", "--store", "copy.store"}) ==
          work.ok({"export", "Harbour", "1.0.0"}));
    work.ok({"verify", "--store", "copy.store"});
    const Outcome again = work.verso({"backup", "copy.store"});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains("copy.store already; remove it, or name another"));
    CHECK(work.verso({"backup", "-"}, {.output_file = work.path("piped.store")}).code == 0);
    CHECK(work.json({"verify", "--store", "piped.store"}).at("clean").as_bool());
    const auto report = work.json({"backup", "third.store"});
    CHECK(number_at(report, "/bytes") ==
          static_cast<std::int64_t>(std::filesystem::file_size(work.path("third.store"))));
    CHECK_THAT(work.verso({"backup", "-"}, {.terminal = true}).out,
               Contains("a terminal cannot show these bytes"));
}

TEST_CASE("verify: it answers also where LMDB does not survive a damaged file", "[cli]") {
    const Workspace work;
    work.ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
    work.ok({"version", "create", "Harbour", "1.1.0", "--from", "1.0.0"});
    const std::string sound = read_file(work.path("verso.store"));
    constexpr std::size_t page_bytes = 4096;
    std::mt19937_64 random(1);
    const auto any_page = [&] {
        return static_cast<std::ptrdiff_t>(random() % (sound.size() / page_bytes) * page_bytes);
    };
    int killed = 0;
    for (int attempt = 0; attempt < 1000 && killed == 0; ++attempt) {
        std::string bytes = sound;
        for (int swaps = 0; swaps < 3; ++swaps) {
            const auto page = bytes.begin() + any_page();
            std::swap_ranges(page, page + page_bytes, bytes.begin() + any_page());
        }
        work.write("damaged.store", bytes);
        std::filesystem::remove(work.path("damaged.store-lock"));
        const Outcome outcome = work.verso({"verify", "--store", "damaged.store"});
        CHECK((outcome.code == 0 || outcome.code == 1));
        if (outcome.out.find("ended the check (signal") == outcome.out.npos) continue;
        ++killed;
        CHECK(outcome.code == 1);
        CHECK_THAT(outcome.out, Contains("restore a backup"));
        const Outcome json = work.verso({"verify", "--store", "damaged.store", "--json"});
        CHECK_THAT(json.out, Contains("\"clean\":false"));
    }
    CHECK(killed == 1);
}
