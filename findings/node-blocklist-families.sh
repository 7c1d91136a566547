#!/usr/bin/env bash
# A network of IPv6 addresses in Node's net.BlockList holds IPv4 addresses as well.
#
# The documentation shows that an IPv4-mapped IPv6 address is found in a list of IPv4 networks. It does not say that the
# reverse holds too: an IPv4 address is compared in its mapped form ::ffff:a.b.c.d, so that `::/0`, but also a network as
# small as ::/64 whose text looks like no IPv4 address at all, holds every IPv4 address. Who takes the list for a matcher of
# networks has to compare the families first: to EventBridge's `cidr`, for one, an address is only in networks of its family.
#
# seen 2026-11-30, node v20.20.2:
#   10.0.0.1 in ::/64: true, in 2001:db8::/32: false; ::ffff:10.0.0.1 in 10.0.0.0/8: true
set -euo pipefail
said=$(node -e "
const { BlockList } = require('node:net');
const holds = (network, bits, family, address, of) => {
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, of);
};
console.log(
  '10.0.0.1 in ::/64: ' + holds('::', 64, 'ipv6', '10.0.0.1', 'ipv4') +
  ', in 2001:db8::/32: ' + holds('2001:db8::', 32, 'ipv6', '10.0.0.1', 'ipv4') +
  '; ::ffff:10.0.0.1 in 10.0.0.0/8: ' + holds('10.0.0.0', 8, 'ipv4', '::ffff:10.0.0.1', 'ipv6'),
);
")
echo "$said"
[ "$said" = '10.0.0.1 in ::/64: true, in 2001:db8::/32: false; ::ffff:10.0.0.1 in 10.0.0.0/8: true' ] || { echo "this has changed"; exit 1; }
