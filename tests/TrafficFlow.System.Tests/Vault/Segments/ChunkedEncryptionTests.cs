using System.Security.Cryptography;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>The construction itself: c2sp.org/chunked-encryption, Cobblestone-256.</summary>
public sealed class ChunkedEncryptionTests
{
    private const int Chunk = ChunkedEncryption.ChunkBytes;

    // By Python's cryptography 38 (HKDFExpand, AESGCM) from the text of the specification.
    private const string Commitment = "1427488e5940d75ee3251e769e74066eada81a41556d82b35ab6594232ec213d";
    private const string HashOfMessage = "61eef933e7553a27a8a9fc35c4f6c4b973e87ecf70666f52bf11903ddbedf6e5";

    [Fact]
    public void A_message_is_that_of_another_implementation()
    {
        using var key = LockedBytes.CopyOf([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        byte[] salt = [.. Enumerable.Range(100, 24).Select(i => (byte)i)];
        byte[] message = [.. Enumerable.Range(0, (2 * Chunk) + 100).Select(i => (byte)(((i * (long)i) + (i / 256)) % 251))];
        using var into = new MemoryStream();
        using var writer = new ChunkedWriter(into, ChunkedEncryption.BeginWith(key, salt, "TFSEGM1\n{}"u8));

        writer.Begin();
        writer.Write(message);
        writer.End();

        Assert.Equal(Commitment, Convert.ToHexStringLower(into.ToArray().AsSpan(24, 32)));
        Assert.Equal(HashOfMessage, Convert.ToHexStringLower(SHA256.HashData(into.ToArray())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(5 * Chunk)]
    [InlineData((5 * Chunk) + 77)]
    public void Lengths_are_known_from_the_file_and_those_of_no_message_are_none(int bytes)
    {
        using var key = LockedBytes.Random(32);
        using var into = new MemoryStream();
        using var writer = new ChunkedWriter(into, ChunkedEncryption.Begin(key, []));
        writer.Begin();
        writer.Write(new byte[bytes]);
        writer.End();

        var sealedBytes = into.Length - ChunkedEncryption.PrefixBytes;
        Assert.Equal(bytes, ChunkedEncryption.LengthOf(sealedBytes));
        Assert.Null(ChunkedEncryption.LengthOf(-1));
        for (var rest = 0; rest < ChunkedEncryption.TagBytes; rest++) Assert.Null(ChunkedEncryption.LengthOf((3L * ChunkedEncryption.SealedChunkBytes) + rest));
        Assert.Null(ChunkedEncryption.LengthOf((ChunkedEncryption.MostChunks * ChunkedEncryption.SealedChunkBytes) + 20));
    }

    [Fact]
    public void Neither_another_key_nor_another_context_opens_it()
    {
        using var key = LockedBytes.Random(32);
        using var other = LockedBytes.Random(32);
        using var begun = ChunkedEncryption.Begin(key, "a"u8);
        var prefix = begun.Prefix.Span;

        using (var opened = ChunkedEncryption.Open(key, prefix, "a"u8)) Assert.NotNull(opened);
        Assert.Null(ChunkedEncryption.Open(key, prefix, "b"u8));
        Assert.Null(ChunkedEncryption.Open(other, prefix, "a"u8));
        Assert.Null(ChunkedEncryption.Open(key, prefix[..^1], "a"u8));
    }
}
