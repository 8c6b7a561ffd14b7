// Goal: a file of tokens is read strictly, and what is wrong in it is named. Method: files that are
// wrong in one way each.
#include "server/tokens.hpp"

#include "domain/failure.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <vector>

using namespace verso::server;
using Catch::Contains;
using Catch::StartsWith;
using verso::OrganisationId;

namespace {

const std::string acme = "01900000-0000-7000-8000-00000000ac3e";

OrganisationId id_of(const std::string& text) {
    return verso::parse_id<OrganisationId>(text).value();
}

std::string file_of(const std::string& entries) { return "{\"tokens\":[" + entries + "]}"; }

std::string refusal(const std::string& text) {
    try {
        static_cast<void>(Tokens::parse(text));
    } catch (const verso::Failure& failure) {
        return failure.error.message;
    }
    return "(taken)";
}

}  // namespace

TEST_CASE("tokens: a token is found by its hash, with what it may do", "[server]") {
    const std::vector organisations{id_of(acme)};
    const std::string reader = new_token();
    const std::string writer = new_token();
    const Tokens tokens = Tokens::parse(file_of(token_entry(reader, organisations, false) + "," +
                                                token_entry(writer, organisations, true)));
    CHECK(tokens.size() == 2);
    const auto may_read = tokens.find(reader);
    REQUIRE(may_read);
    CHECK(may_read->organisations == organisations);
    CHECK(may_read->may_read);
    CHECK_FALSE(may_read->may_write);
    CHECK_FALSE(may_read->is_member_of_all);
    CHECK(tokens.find(writer)->may_write);
    CHECK_FALSE(tokens.find("another"));
    CHECK_FALSE(tokens.find(""));
}

TEST_CASE("tokens: the hash is SHA-256 in either case of digits", "[server]") {
    // Source of the digest: FIPS 180-4's example "abc".
    for (const std::string hash :
         {"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
        CHECK(Tokens::parse(file_of(R"({"sha256":")" + hash + R"(","organisations":[")" + acme +
                                    R"("],"rights":["write"]})"))
                  .find("abc"));
}

TEST_CASE("tokens: what is wrong with a file is named with its place", "[server]") {
    const std::string hash(64, 'a');
    const std::string good =
        R"({"sha256":")" + hash + R"(","organisations":[")" + acme + R"("],"rights":["read"]})";
    CHECK(refusal(file_of(good)) == "(taken)");
    CHECK(refusal(file_of("")) == "(taken)");
    CHECK_THAT(refusal("not JSON"), !Contains("taken"));
    CHECK(refusal("{}") == "/tokens is missing");
    CHECK(refusal(R"({"tokens":{}})") == "/tokens must be an array");
    CHECK(refusal(R"({"tokens":[],"more":1})") == "/more is not known here");
    CHECK(refusal(file_of("5")) == "/tokens/0 must be an object");
    CHECK(refusal(file_of(good + "," + good)) == "/tokens/1/sha256 is that of an entry before it");
    const auto replaced = [&](const std::string& from, const std::string& to) {
        std::string changed = good;
        changed.replace(changed.find(from), from.size(), to);
        return refusal(file_of(changed));
    };
    CHECK_THAT(replaced(hash, "abc"), StartsWith("/tokens/0/sha256 must be a string of 64"));
    CHECK_THAT(replaced(hash, std::string(64, 'g')), StartsWith("/tokens/0/sha256 must be"));
    CHECK_THAT(replaced('"' + hash + '"', "5"), StartsWith("/tokens/0/sha256 must be"));
    CHECK(replaced("\"sha256\":\"" + hash + "\",", "") == "/tokens/0/sha256 is missing");
    CHECK(replaced(acme, "acme") == "/tokens/0/organisations \"acme\" is no UUID");
    CHECK(replaced("[\"" + acme + "\"]", "[]") ==
          "/tokens/0/organisations must be an array of at least one string");
    CHECK(replaced("[\"read\"]", "\"read\"") ==
          "/tokens/0/rights must be an array of at least one string");
    CHECK_THAT(replaced("\"read\"", "\"admin\""),
               StartsWith("/tokens/0/rights \"admin\" is no right"));
    CHECK_THAT(replaced("\"read\"", "null"), StartsWith("/tokens/0/rights/0 must be a string"));
    CHECK(replaced("\"rights\"", "\"Rights\"") == "/tokens/0/Rights is not known here, and 1 more");
}

TEST_CASE("tokens: a file is read again, and a bad one leaves what was read", "[server]") {
    const verso::storage::TemporaryFolder folder;
    const std::string path = (folder / "tokens.json").string();
    const std::vector organisations{id_of(acme)};
    const std::string first = new_token();
    const std::string second = new_token();
    std::ofstream(path) << file_of(token_entry(first, organisations, true));
    TokenFile file(path);
    const auto authenticator = file.authenticator();
    const auto knows = [&](const std::string& token) {
        return authenticator(verso::http::Credential{verso::http::CredentialSource::bearer, token})
            .has_value();
    };
    CHECK(knows(first));
    CHECK_FALSE(authenticator(std::nullopt));
    std::ofstream(path) << file_of(token_entry(second, organisations, true));
    CHECK_FALSE(knows(second));
    file.reload();
    CHECK(knows(second));
    CHECK_FALSE(knows(first));
    std::ofstream(path) << "{";
    try {
        file.reload();
        FAIL("it was read");
    } catch (const verso::Failure& failure) {
        CHECK_THAT(failure.error.message, StartsWith(path + " is no file of tokens: "));
    }
    CHECK(knows(second));
}

TEST_CASE("tokens: what cannot be a file of them is named", "[server]") {
    const auto refusal_of = [](const std::string& path) -> std::string {
        try {
            const TokenFile file(path);
            return "none: it was read";
        } catch (const verso::Failure& failure) {
            return failure.error.message;
        }
    };
    CHECK_THAT(refusal_of("/no/such/tokens.json"),
               Contains("cannot read /no/such/tokens.json: No such file"));
    CHECK_THAT(refusal_of("/tmp"), Contains("cannot read /tmp: Is a directory"));
    CHECK(refusal_of("/dev/zero") ==
          "/dev/zero is no file of tokens: it is larger than 64 MiB; give a smaller one");
}

TEST_CASE("tokens: new ones differ and have 64 hexadecimal digits", "[server]") {
    std::set<std::string> tokens;
    for (int times = 0; times < 100; ++times) tokens.insert(new_token());
    CHECK(tokens.size() == 100);
    CHECK_THAT(*tokens.begin(), Catch::Matches("[0-9a-f]{64}"));
}
