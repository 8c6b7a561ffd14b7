// A borrowed callable: how an inner loop hands out what it finds without allocating.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>

namespace verso {

/// Any callable `bool(Args...)` that answers true to go on, false to stop. It refers to the
/// callable and is valid during the call that takes it: a parameter type, never a member.
template <class... Args>
class Visitor {
public:
    template <class Callable>
        requires(!std::same_as<std::remove_cvref_t<Callable>, Visitor>)
    Visitor(Callable&& callable)
    noexcept  // NOLINT(google-explicit-constructor): a parameter type
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, Args... args) -> bool {
              return (*static_cast<std::remove_reference_t<Callable>*>(object))(args...);
          }) {}

    bool operator()(Args... args) const { return call_(object_, args...); }

private:
    void* object_;
    bool (*call_)(void*, Args...);
};

}  // namespace verso
