// Who may do what, by token. A file names the tokens by their hashes:
//
//     {"tokens": [{"sha256": "5e88...", "organisations": ["0190..."], "rights": ["read",
//     "write"]}]}
//
// A token is 32 random bytes, so its hash tells nothing of it, and needs neither salt nor a slow
// function. Hashes are looked up in a map: how long that takes may tell a client about the hashes
// of what it tries, but nobody who cannot invert SHA-256 can steer those.
#pragma once

#include <verso/domain/digest.hpp>
#include <verso/domain/ids.hpp>
#include <verso/http.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace verso::server {

/// Thread safety: immutable
class Tokens {
public:
    /// Reads the text of a file.
    ///
    /// Errors: Failure document_invalid, limit_exceeded; its fields are all that is wrong.
    [[nodiscard]] static Tokens parse(std::string_view text);

    /// Whose token it is. O(1) in the tokens.
    [[nodiscard]] std::optional<http::Principal> find(std::string_view token) const;

    [[nodiscard]] std::size_t size() const noexcept { return principals_.size(); }

private:
    struct HashOf {
        std::size_t operator()(const Digest& digest) const noexcept {
            std::size_t hash = 0;
            std::memcpy(&hash, digest.bytes.data(), sizeof hash);
            return hash;
        }
    };
    std::unordered_map<Digest, http::Principal, HashOf> principals_;
};

/// A file of tokens, which is read again when it has changed.
///
/// Thread safety: safe
class TokenFile {
public:
    /// Errors: those of reload().
    explicit TokenFile(std::string path);

    /// Reads the file; where that fails, what was read before stays.
    ///
    /// Errors: Failure io_failed; those of Tokens::parse(), with the file's name.
    void reload();

    [[nodiscard]] std::shared_ptr<const Tokens> tokens() const;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Asks the tokens of the moment. Lifetime: the file's.
    [[nodiscard]] http::Authenticator authenticator() const;

private:
    std::string path_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Tokens> tokens_;
};

/// A new token: 32 random bytes in hexadecimal digits. Errors: Failure io_failed.
[[nodiscard]] std::string new_token();

/// What a file says of a token, as JSON.
[[nodiscard]] std::string token_entry(std::string_view token,
                                      std::span<const OrganisationId> organisations,
                                      bool may_write);

}  // namespace verso::server
