using System.Text;
using TrafficFlow.Vault.Keys;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Keys;

/// <summary>Against the vectors of the specifications, or against another implementation.</summary>
public sealed class KeyPrimitivesTests
{
    // RFC 9180, A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0.
    private const string Recipient = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
    private const string Ephemeral = "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736";
    private const string Enc = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
    private const string Ciphertext = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a";
    private const string Info = "Ode on a Grecian Urn";
    private const string Message = "Beauty is truth, truth beauty";

    [Fact]
    public void A_sealed_message_is_that_of_rfc_9180()
    {
        using var ephemeral = LockedBytes.CopyOf(Convert.FromHexString(Ephemeral));
        using var recipient = LockedBytes.CopyOf(Convert.FromHexString(Recipient));

        var message = SealedBox.Seal(SealedBox.PublicKeyOf(recipient), ephemeral, Info, Encoding.ASCII.GetBytes(Message), 16, 1, "Count-0"u8);

        Assert.Equal(Enc + Ciphertext, Convert.ToHexStringLower(message));
        using var opened = SealedBox.Open(recipient, Info, message, 16, 1, "Count-0"u8);
        Assert.Equal(Message, Encoding.ASCII.GetString(opened!.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Expanded_keys_are_those_of_dot_net_where_that_takes_the_key(int bytes)
    {
        var (key, info, expanded) = (new byte[64], "info"u8.ToArray(), new byte[bytes]);
        new Random(bytes).NextBytes(key);
        HkdfSha512.Expand(key, info, expanded);
        Assert.Equal(System.Security.Cryptography.HKDF.Expand(System.Security.Cryptography.HashAlgorithmName.SHA512, key, bytes, info), expanded);
    }

    [Fact]
    public void What_was_sealed_opens_for_its_owner_and_purpose_alone_and_unchanged()
    {
        using var mine = SealedBox.CreatePrivateKey();
        using var other = SealedBox.CreatePrivateKey();
        var message = SealedBox.Seal(SealedBox.PublicKeyOf(mine), "purpose", "secret"u8);

        using (var opened = SealedBox.Open(mine, "purpose", message)) Assert.Equal("secret"u8.ToArray(), opened!.Span.ToArray());
        Assert.Null(SealedBox.Open(other, "purpose", message));
        Assert.Null(SealedBox.Open(mine, "another purpose", message));
        for (var i = 0; i < message.Length; i++)
        {
            message[i] ^= 0x40;
            Assert.Null(SealedBox.Open(mine, "purpose", message));
            message[i] ^= 0x40;
        }

        Assert.Null(SealedBox.Open(mine, "purpose", message.AsSpan(0, message.Length - 1)));
        Assert.Null(SealedBox.Open(mine, "purpose", []));
        Assert.Null(SealedBox.Open(mine, "purpose", new byte[message.Length]));
    }

    [Fact]
    public void A_wrapped_key_unwraps_under_its_name_and_parent_alone()
    {
        using var parent = LockedBytes.Random(32);
        using var other = LockedBytes.Random(32);
        using var key = LockedBytes.Random(32);
        var wrapped = KeyWrap.Wrap(parent, "day:a", key);

        using (var opened = KeyWrap.Unwrap(parent, "day:a", wrapped)) Assert.Equal(key.Span.ToArray(), opened!.Span.ToArray());
        Assert.Null(KeyWrap.Unwrap(parent, "day:b", wrapped));
        Assert.Null(KeyWrap.Unwrap(other, "day:a", wrapped));
        for (var bit = 0; bit < wrapped.Length * 8; bit++)
        {
            wrapped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(KeyWrap.Unwrap(parent, "day:a", wrapped));
            wrapped[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Products_are_those_of_the_field_of_aes()
    {
        // FIPS 197, 4.2.
        Assert.Equal(0xc1, SecretShares.Product(0x57, 0x83));
        Assert.Equal(0xfe, SecretShares.Product(0x57, 0x13));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(2, 2)]
    [InlineData(16, 16)]
    public void Any_so_many_shares_give_the_secret_and_fewer_give_something_else(int needed, int of)
    {
        using var secret = LockedBytes.Random(32);
        var shares = SecretShares.Split(secret, needed, of).Select((v, i) => ((byte)(i + 1), v)).ToList();
        for (var left = 0; left < of; left++)
        {
            var some = Enumerable.Range(0, needed).Select(i => shares[(left + i) % of]).ToList();
            using var combined = SecretShares.Combine(some);
            Assert.Equal(secret.Span.ToArray(), combined.Span.ToArray());
            using var fewer = SecretShares.Combine([.. some.Skip(1)]);
            Assert.NotEqual(secret.Span.ToArray(), fewer.Span.ToArray());
        }
    }

    [Fact]
    public void Shares_that_were_made_by_hand_give_their_secret()
    {
        // 0x42 + 0x80 x: at 1 0xc2, at 2 0x42 + 0x1b = 0x59, at 3 0x42 + 0x9b = 0xd9.
        using var first = LockedBytes.CopyOf([0xc2]);
        using var third = LockedBytes.CopyOf([0xd9]);
        using var secret = SecretShares.Combine([(3, third), (1, first)]);
        Assert.Equal(0x42, secret.Span[0]);
    }

    [Fact]
    public void A_share_is_read_as_it_may_be_typed_and_a_wrong_letter_is_found()
    {
        using var value = LockedBytes.Random(32);
        using var share = new KeyShare("0a1b2c3d", 2, value);
        var text = share.Write();

        using (var read = KeyShare.Parse($"  {text.ToLowerInvariant()} ")) Assert.Equal(("0a1b2c3d", 2, Convert.ToHexString(value.Span)), (read.Slot, read.At, Convert.ToHexString(read.Value.Span)));
        using (var read = KeyShare.Parse(text[..15] + text[15..].Replace('0', 'O').Replace('1', 'I'))) Assert.Equal(Convert.ToHexString(value.Span), Convert.ToHexString(read.Value.Span));
        for (var i = text.LastIndexOf("3d", StringComparison.Ordinal); i < text.Length; i++)
        {
            if (text[i] == '-') continue;
            var mistyped = text[..i] + (text[i] == '7' ? '8' : '7') + text[(i + 1)..];
            Assert.Throws<FormatException>(() => KeyShare.Parse(mistyped));
        }

        foreach (var wrong in new[] { "", "tfk", "tfk-0a1b2c3d-2", "tfk-0a1b2c3d-0-AAAA", "tfk-0a1b2c3d-17-AAAA", text + "-AAAA", text[..^2], new string('a', 10_000) }) Assert.Throws<FormatException>(() => KeyShare.Parse(wrong));
    }

    [Fact]
    public void Keys_are_zeroed_and_closed_when_they_are_disposed_of()
    {
        var key = LockedBytes.CopyOf([1, 2, 3]);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Span.Length);
    }
}
