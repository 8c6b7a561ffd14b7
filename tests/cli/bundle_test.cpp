// Goal: versions travel between stores by files and pipes, and directly, by the command alone.
// Method: real processes on the sample documents, two stores in one folder.
#include "cli/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace verso::cli;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// A workspace whose store holds two releases of the sample API.
struct TwoReleases : Workspace {
    TwoReleases() {
        ok({"import", "Harbour", "1.0.0", example("harbour-1.0.0.json"), "-q"});
        ok({"import", "Harbour", "1.1.0", example("harbour-1.1.0.json"), "--from", "1.0.0", "-q"});
    }

    /// An export of a version out of a store.
    [[nodiscard]] std::string content(const std::string& store, const std::string& version) const {
        return ok({"export", "Harbour", version, "--store", store});
    }
};

}  // namespace

TEST_CASE("bundle command: a connection goes to a file and comes into another store", "[cli]") {
    const TwoReleases work;
    CHECK_THAT(work.ok({"bundle", "export", "Harbour", "all.bundle"}),
               Contains("Exported 2 versions of \"Harbour\" with 3 commits"));
    CHECK_THAT(read_file(work.path("all.bundle")), StartsWith(R"({"verso":"bundle","format":1)"));
    CHECK_THAT(work.ok({"bundle", "import", "all.bundle", "--store", "b.store"}),
               Contains("Imported \"Harbour\"") && Contains("2 versions added"));
    CHECK(work.content("b.store", "1.0.0") == work.content("verso.store", "1.0.0"));
    CHECK(work.content("b.store", "1.1.0") == work.content("verso.store", "1.1.0"));
    CHECK_THAT(work.ok({"bundle", "import", "all.bundle", "--store", "b.store"}),
               Contains("2 versions unchanged") && Contains("0 commits and 0 documents stored"));
    work.ok({"verify", "--store", "b.store"});
}

TEST_CASE("bundle command: one version goes through a pipe", "[cli]") {
    const TwoReleases work;
    const std::string bundle = work.ok({"bundle", "export", "Harbour", "1.1.0", "-"});
    CHECK_THAT(work.ok({"bundle", "import", "-", "--store", "b.store"}, {.input = bundle}),
               Contains("1 version added"));
    CHECK(work.content("b.store", "1.1.0") == work.content("verso.store", "1.1.0"));
    work.ok({"verify", "--store", "b.store"});
}

TEST_CASE("bundle command: a version is not taken for the file to write", "[cli]") {
    const TwoReleases work;
    const Outcome outcome = work.verso({"bundle", "export", "Harbour", "1.1.0"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("\"1.1.0\" is a version of \"Harbour\""));
    CHECK_FALSE(std::filesystem::exists(work.path("1.1.0")));
    work.ok({"bundle", "export", "Harbour", "./1.1.0"});
    CHECK(std::filesystem::exists(work.path("1.1.0")));
    const Outcome missing = work.verso({"bundle", "export", "Harbour"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Contains("VERSION_OR_FILE is required"));
}

TEST_CASE("bundle command: a compressed file reads back, or says why not", "[cli]") {
    const TwoReleases work;
    const Outcome outcome = work.verso({"bundle", "export", "Harbour", "all.bundle.zst"});
    if (outcome.code != 0) {  // built without Zstandard
        CHECK_THAT(outcome.err, Contains("without Zstandard"));
        CHECK_FALSE(std::filesystem::exists(work.path("all.bundle.zst")));
        return;
    }
    work.ok({"bundle", "export", "Harbour", "all.bundle"});
    const std::string packed = read_file(work.path("all.bundle.zst"));
    CHECK(packed.size() < read_file(work.path("all.bundle")).size() / 3);
    work.ok({"bundle", "import", "all.bundle.zst", "--store", "b.store"});
    CHECK(work.content("b.store", "1.1.0") == work.content("verso.store", "1.1.0"));
    work.write("cut.zst", std::string_view(packed).substr(0, packed.size() / 2));
    CHECK_THAT(work.verso({"bundle", "import", "cut.zst", "--store", "c.store"}).err,
               Contains("cut off"));
    work.write("other.zst", "no such stream");
    CHECK(work.verso({"bundle", "import", "other.zst", "--store", "c.store"}).code == 1);
}

TEST_CASE("bundle command: answers are JSON where that is asked for", "[cli]") {
    const TwoReleases work;
    const auto exported = work.json({"bundle", "export", "Harbour", "all.bundle"});
    CHECK(number_at(exported, "/versions") == 2);
    CHECK(number_at(exported, "/bytes") ==
          static_cast<std::int64_t>(read_file(work.path("all.bundle")).size()));
    const auto imported = work.json({"bundle", "import", "all.bundle", "--store", "b.store"});
    CHECK(text_at(imported, "/versions/0/outcome") == "added");
    CHECK(number_at(imported, "/documentsStored") == number_at(exported, "/documents"));
    const auto pushed = work.json({"push", "b.store", "Harbour"});
    CHECK(text_at(pushed, "/versions/1/outcome") == "unchanged");
    CHECK(number_at(pushed, "/commits") == 0);
}

TEST_CASE("bundle command: what is damaged or unknown is refused", "[cli]") {
    const TwoReleases work;
    std::string bundle = work.ok({"bundle", "export", "Harbour", "1.0.0", "-"});
    bundle[bundle.size() / 2] ^= 1;
    work.write("damaged.bundle", bundle);
    const Outcome damaged =
        work.verso({"bundle", "import", "damaged.bundle", "--store", "b.store"});
    CHECK(damaged.code == 1);
    CHECK_THAT(damaged.err, StartsWith("verso: line "));
    CHECK(text_at(work.json({"bundle", "import", "damaged.bundle", "--store", "b.store"}, 1),
                  "/code") == "bundle_invalid");
    CHECK_THAT(work.verso({"bundle", "import", "missing"}).err, Contains("cannot read missing"));
    CHECK_THAT(work.verso({"bundle", "export", "Harbour", "9", "x.bundle"}).err,
               Contains("no version \"9\""));
    CHECK_FALSE(std::filesystem::exists(work.path("x.bundle")));
    CHECK(work.verso({"bundle", "export", "Harbour"}).code == 2);
}

TEST_CASE("push and pull: two stores come to hold the same", "[cli]") {
    const TwoReleases work;
    CHECK_THAT(work.verso({"push", "b.store", "Harbour", "--dry-run"}).err,
               Contains("no store at b.store"));
    CHECK_THAT(work.ok({"push", "b.store", "Harbour", "1.0.0"}), Contains("1 version added"));
    CHECK_THAT(
        work.ok({"push", "b.store", "Harbour", "--dry-run"}),
        Contains("Would push \"Harbour\" to b.store") && Contains("1 version added, 1 unchanged"));
    CHECK_THAT(work.ok({"push", "b.store", "Harbour"}), Contains("1 version added, 1 unchanged"));
    work.ok({"version", "create", "Harbour", "2", "--from", "1.1.0", "--store", "b.store"});
    CHECK_THAT(work.ok({"pull", "b.store", "Harbour", "2"}), Contains("1 version added"));
    CHECK(work.content("verso.store", "2") == work.content("b.store", "2"));
    work.ok({"verify"});
    work.ok({"verify", "--store", "b.store"});
}

TEST_CASE("push: a version that both sides changed is told, and the code says so", "[cli]") {
    const TwoReleases work;
    work.ok({"push", "b.store", "Harbour"});
    const std::string parameter = R"({"name":"p","in":"query","required":false,"type":"string"})";
    for (const std::string store : {"verso.store", "b.store"})
        work.ok({"put", "Harbour", "1.1.0", "parameter", "-", "--store", store},
                {.input = parameter});
    const Outcome outcome = work.verso({"push", "b.store", "Harbour"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("\"1.1.0\" diverged: both sides changed it"));
    CHECK(text_at(work.json({"push", "b.store", "Harbour"}, 1), "/versions/1/outcome") ==
          "diverged");
}
