// A server without credentials trusts whoever can reach it, which is this machine. A browser on it
// carries requests of any page that it shows; what gives those away is the Host or the Origin that
// they name.
#pragma once

#include "server/options.hpp"

namespace verso::server {

/// The handler or check, but for requests that name another machine as Host or Origin: they are
/// answered with 403.
[[nodiscard]] Handler only_from_this_machine(Handler handler);
[[nodiscard]] HeadCheck only_heads_from_this_machine(HeadCheck check);

}  // namespace verso::server
