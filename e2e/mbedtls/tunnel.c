/*
 * TLS by mbedTLS, as small devices have it: standard input goes to the broker, what it says to standard output.
 * One certificate or one pre-shared key, nothing else. Works with mbedTLS 2.28 and 3.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_bits;
static mbedtls_ssl_config config;
static mbedtls_ssl_context tls;
static mbedtls_net_context broker;
static mbedtls_x509_crt trusted, own;
static mbedtls_pk_context own_key;

static void fail(const char *what, int code) {
  fprintf(stderr, "%s: -0x%04x\n", what, (unsigned)-code);
  exit(1);
}

static void must(const char *what, int code) {
  if (code != 0) fail(what, code);
}

static void use_certificate(char **files) {
  must("CA", mbedtls_x509_crt_parse_file(&trusted, files[0]));
  must("certificate", mbedtls_x509_crt_parse_file(&own, files[1]));
#if MBEDTLS_VERSION_MAJOR >= 3
  must("key", mbedtls_pk_parse_keyfile(&own_key, files[2], NULL, mbedtls_ctr_drbg_random, &random_bits));
#else
  must("key", mbedtls_pk_parse_keyfile(&own_key, files[2], NULL));
#endif
  mbedtls_ssl_conf_ca_chain(&config, &trusted, NULL);
  must("own certificate", mbedtls_ssl_conf_own_cert(&config, &own, &own_key));
}

static void use_key(const char *identity, const char *hex) {
  unsigned char key[64];
  size_t length = strlen(hex) / 2;
  if (length > sizeof key) fail("key is too long", -1);
  for (size_t i = 0; i < length; i++) {
    unsigned digit;
    if (sscanf(hex + 2 * i, "%2x", &digit) != 1) fail("key is not hexadecimal", -1);
    key[i] = (unsigned char)digit;
  }
  must("pre-shared key",
       mbedtls_ssl_conf_psk(&config, key, length, (const unsigned char *)identity, strlen(identity)));
}

static void connect_to(const char *address, const char *port, const char *name) {
  int code;
  must("connect", mbedtls_net_connect(&broker, address, port, MBEDTLS_NET_PROTO_TCP));
  must("setup", mbedtls_ssl_setup(&tls, &config));
  must("name", mbedtls_ssl_set_hostname(&tls, name));
  mbedtls_ssl_set_bio(&tls, &broker, mbedtls_net_send, mbedtls_net_recv, NULL);
  while ((code = mbedtls_ssl_handshake(&tls)) != 0)
    if (code != MBEDTLS_ERR_SSL_WANT_READ && code != MBEDTLS_ERR_SSL_WANT_WRITE) fail("handshake", code);
  fprintf(stderr, "%s %s mbedTLS %s\n", mbedtls_ssl_get_version(&tls), mbedtls_ssl_get_ciphersuite(&tls),
          MBEDTLS_VERSION_STRING);
}

static void send_all(const unsigned char *bytes, size_t count) {
  while (count > 0) {
    int sent = mbedtls_ssl_write(&tls, bytes, count);
    if (sent <= 0) fail("send", sent);
    bytes += sent;
    count -= (size_t)sent;
  }
}

static void put_all(const unsigned char *bytes, size_t count) {
  while (count > 0) {
    ssize_t put = write(1, bytes, count);
    if (put <= 0) fail("standard output", errno);
    bytes += put;
    count -= (size_t)put;
  }
}

static void relay(void) {
  unsigned char buffer[4096];
  struct pollfd ends[] = {{.fd = 0, .events = POLLIN}, {.fd = broker.fd, .events = POLLIN}};
  for (;;) {
    if (mbedtls_ssl_get_bytes_avail(&tls) == 0 && poll(ends, 2, -1) < 0) fail("poll", errno);
    if (ends[0].revents != 0) {
      ssize_t count = read(0, buffer, sizeof buffer);
      if (count <= 0) return;
      send_all(buffer, (size_t)count);
    }
    if (ends[1].revents != 0 || mbedtls_ssl_get_bytes_avail(&tls) > 0) {
      int count = mbedtls_ssl_read(&tls, buffer, sizeof buffer);
      if (count == MBEDTLS_ERR_SSL_WANT_READ) continue;
      if (count <= 0) return;
      put_all(buffer, (size_t)count);
    }
    ends[0].revents = ends[1].revents = 0;
  }
}

int main(int count, char **arguments) {
  if (count != 7 && count != 8) {
    fprintf(stderr, "usage: %s ADDRESS PORT NAME certificate CA CERTIFICATE KEY | psk IDENTITY HEX\n", arguments[0]);
    return 2;
  }
#if MBEDTLS_VERSION_MAJOR >= 3
  psa_crypto_init();
#endif
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random_bits);
  mbedtls_ssl_config_init(&config);
  mbedtls_ssl_init(&tls);
  mbedtls_net_init(&broker);
  mbedtls_x509_crt_init(&trusted);
  mbedtls_x509_crt_init(&own);
  mbedtls_pk_init(&own_key);
  must("random", mbedtls_ctr_drbg_seed(&random_bits, mbedtls_entropy_func, &entropy, NULL, 0));
  must("defaults", mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                               MBEDTLS_SSL_PRESET_DEFAULT));
  mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random_bits);
  if (strcmp(arguments[4], "psk") == 0)
    use_key(arguments[5], arguments[6]);
  else
    use_certificate(arguments + 5);
  connect_to(arguments[1], arguments[2], arguments[3]);
  relay();
  return 0;
}
