// How an Error travels inside the library: thrown as a Failure by the layers below the API, caught
// once where the API begins. Nothing above guarded() ever sees it.
#pragma once

#include <verso/error.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace verso {

struct Failure {
    Error error;
};

[[noreturn]] inline void fail(Errc code, std::string message) {
    throw Failure{{code, std::move(message), {}}};
}
[[noreturn]] inline void fail(Error error) { throw Failure{std::move(error)}; }

/// What is wrong with one field, which is all that is wrong.
inline Error field_error(Errc code, std::string field, const std::string& message) {
    return {code, message, {{std::move(field), message}}};
}
[[noreturn]] inline void fail_field(Errc code, std::string field, const std::string& message) {
    fail(field_error(code, std::move(field), message));
}

/// The value of a result, or its error thrown on.
template <class T>
T must(Result<T>&& result) {
    if (!result) throw Failure{std::move(result).error()};
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Runs `body` and answers what it returns, or the Error that it threw.
template <class Body>
auto guarded(Body&& body) -> Result<std::invoke_result_t<Body>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            std::forward<Body>(body)();
            return {};
        } else {
            return std::forward<Body>(body)();
        }
    } catch (Failure& failure) {
        return std::move(failure.error);
    }
}

}  // namespace verso
