#include "server/tokens.hpp"

#include <verso/domain/document.hpp>

#include "domain/failure.hpp"
#include "domain/hex.hpp"
#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"
#include "tree/sha256.hpp"

#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>
#include <vector>

namespace verso::server {

namespace {

std::optional<Digest> parse_digest(std::string_view hex) {
    Digest digest;
    if (hex.size() != 2 * digest.bytes.size()) return std::nullopt;
    for (std::size_t at = 0; at < digest.bytes.size(); ++at) {
        const int high = hex_value(hex[2 * at]);
        const int low = hex_value(hex[2 * at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest.bytes[at] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

/// Reads the entries of a file, and collects what is wrong with them.
class Reader {
public:
    void read_file(JsonView file) {
        check_members(file, "", {"tokens"});
        const auto tokens = file.find("tokens");
        if (!tokens || !tokens->is_array())
            return report("/tokens", tokens ? "must be an array" : "is missing");
        std::size_t index = 0;
        for (const JsonView entry : tokens->elements())
            read_entry(entry, "/tokens/" + std::to_string(index++));
    }

    std::unordered_map<std::string, std::pair<Digest, http::Principal>> entries;  // by hash
    std::vector<FieldError> faults;

private:
    void report(std::string place, std::string message) {
        constexpr std::size_t most = 100;
        if (faults.size() < most) faults.push_back({std::move(place), std::move(message)});
    }

    void check_members(JsonView object, const std::string& place,
                       std::initializer_list<std::string_view> known) {
        for (const JsonMember member : object.members()) {
            bool is_known = false;
            for (const std::string_view name : known)
                is_known = is_known || member.key.is_string(name);
            if (!is_known) report(place + '/' + member.key.string(), "is not known here");
        }
    }

    void read_entry(JsonView entry, const std::string& place) {
        if (!entry.is_object()) return report(place, "must be an object");
        check_members(entry, place, {"sha256", "organisations", "rights"});
        const auto digest = read_digest(entry, place + "/sha256");
        http::Principal principal{.may_read = false, .may_write = false};
        read_organisations(entry, place + "/organisations", principal);
        read_rights(entry, place + "/rights", principal);
        if (!digest) return;
        if (!entries.emplace(to_string(*digest), std::pair(*digest, std::move(principal))).second)
            report(place + "/sha256", "is that of an entry before it");
    }

    std::optional<Digest> read_digest(JsonView entry, const std::string& place) {
        const auto value = entry.find("sha256");
        auto digest = value && value->is_string() ? parse_digest(value->string()) : std::nullopt;
        if (!digest)
            report(place, value ? "must be a string of 64 hexadecimal digits" : "is missing");
        return digest;
    }

    /// The elements of a member that must be an array of at least one string.
    std::vector<std::string> read_strings(JsonView entry, std::string_view name,
                                          const std::string& place) {
        std::vector<std::string> strings;
        const auto value = entry.find(name);
        if (!value || !value->is_array() || value->elements().empty()) {
            report(place, value ? "must be an array of at least one string" : "is missing");
            return strings;
        }
        for (const JsonView element : value->elements()) {
            if (element.is_string())
                strings.push_back(element.string());
            else
                report(place + '/' + std::to_string(strings.size()), "must be a string");
        }
        return strings;
    }

    void read_organisations(JsonView entry, const std::string& place, http::Principal& principal) {
        for (const std::string& text : read_strings(entry, "organisations", place)) {
            const auto id = parse_id<OrganisationId>(text);
            if (id)
                principal.organisations.push_back(*id);
            else
                report(place, "\"" + text + "\" is no UUID");
        }
    }

    void read_rights(JsonView entry, const std::string& place, http::Principal& principal) {
        for (const std::string& right : read_strings(entry, "rights", place)) {
            if (right == "read")
                principal.may_read = true;
            else if (right == "write")
                principal.may_write = true;
            else
                report(place, "\"" + right + R"(" is no right; give "read" or "write")");
        }
    }
};

std::string read_whole(const std::string& path) {
    constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
    std::ifstream file(path, std::ios::binary);
    std::array<char, 16 * 1024> piece{};
    std::string text;
    while (file && text.size() <= most) {
        file.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (!file.is_open() || file.bad())
        fail(Errc::io_failed,
             "cannot read " + path + ": " + std::generic_category().message(errno));
    if (text.size() > most)
        fail(Errc::limit_exceeded, "it is larger than 64 MiB; give a smaller one");
    return text;
}

}  // namespace

Tokens Tokens::parse(std::string_view text) {
    const Document document = must(Document::parse(text));
    const Outline outline(document.text());
    Reader reader;
    reader.read_file(outline.root(document.text()));
    if (!reader.faults.empty()) {
        const FieldError& first = reader.faults.front();
        std::string message = first.field + " " + first.message;
        if (reader.faults.size() > 1)
            message += ", and " + std::to_string(reader.faults.size() - 1) + " more";
        fail({Errc::document_invalid, std::move(message), std::move(reader.faults)});
    }
    Tokens tokens;
    for (auto& [hex, entry] : reader.entries)
        tokens.principals_.emplace(entry.first, std::move(entry.second));
    return tokens;
}

std::optional<http::Principal> Tokens::find(std::string_view token) const {
    const auto found = principals_.find(tree::sha256(token));
    if (found == principals_.end()) return std::nullopt;
    return found->second;
}

TokenFile::TokenFile(std::string path) : path_(std::move(path)) { reload(); }

void TokenFile::reload() {
    try {
        auto tokens = std::make_shared<const Tokens>(Tokens::parse(read_whole(path_)));
        const std::lock_guard lock(mutex_);
        tokens_ = std::move(tokens);
    } catch (Failure& failure) {
        if (failure.error.code != Errc::io_failed)
            failure.error.message = path_ + " is no file of tokens: " + failure.error.message;
        throw;
    }
}

std::shared_ptr<const Tokens> TokenFile::tokens() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
}

http::Authenticator TokenFile::authenticator() const {
    return
        [this](
            const std::optional<http::Credential>& credential) -> std::optional<http::Principal> {
            if (!credential) return std::nullopt;
            return tokens()->find(credential->value);
        };
}

std::string new_token() {
    std::array<unsigned char, 32> bytes{};
    if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        fail(Errc::io_failed, "the system gives no random bytes");
    std::string token;
    for (const unsigned char byte : bytes) append_hex(token, byte);
    return token;
}

std::string token_entry(std::string_view token, std::span<const OrganisationId> organisations,
                        bool may_write) {
    JsonWriter json;
    json.begin_object().key("sha256").string(to_string(tree::sha256(token)));
    json.key("organisations").begin_array();
    for (const OrganisationId& id : organisations) json.string(to_string(id));
    json.end_array().key("rights").begin_array().string("read");
    if (may_write) json.string("write");
    json.end_array().end_object();
    return std::move(json).take();
}

}  // namespace verso::server
