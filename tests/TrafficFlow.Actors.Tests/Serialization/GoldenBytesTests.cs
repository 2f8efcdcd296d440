using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Actors.Tests.Serialization;

/// <summary>
/// golden.txt holds the bytes of each manifest as some version wrote them: what stands there is in journals and comes from nodes that were
/// not updated yet. Lines are added, never changed.
/// </summary>
public sealed class GoldenBytesTests() : TestKit(TestConfig.Reference)
{
    private static readonly IReadOnlyList<(string Manifest, byte[] Bytes)> Golden =
    [
        .. from line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Serialization", "golden.txt"))
           let parts = line.Split(' ')
           where parts.Length == 2
           select (parts[0], Convert.FromHexString(parts[1])),
    ];

    private TrafficFlowSerializer Serializer => new((ExtendedActorSystem)Sys);

    [Fact]
    public void What_any_version_wrote_can_be_read()
    {
        var types = WireManifest.All.ToDictionary(l => l.Manifest, l => l.Type);
        foreach (var (manifest, bytes) in Golden) Assert.IsType(types[manifest], Serializer.FromBinary(bytes, manifest));
    }

    [Fact]
    public void Every_manifest_has_a_line()
    {
        var known = Golden.Select(g => g.Manifest).ToHashSet();
        var missing = WireManifestTests.Samples.Where(s => !known.Contains(Serializer.Manifest(s)))
            .Select(s => $"{Serializer.Manifest(s)} {Convert.ToHexStringLower(Serializer.ToBinary(s))}").ToList();

        Assert.True(missing.Count == 0, $"add to golden.txt:\n{string.Join('\n', missing)}");
        Assert.Empty(WireManifest.All.Select(l => l.Manifest).Except(known));
    }

    [Fact]
    public void What_a_newer_version_adds_is_passed_over()
    {
        // Field 1000, a whole number: no message of ours has one.
        byte[] added = [0xC0, 0x3E, 0x01];
        foreach (var line in WireManifest.Current.Where(l => l.Check == RowCheck.None))
        {
            var bytes = Golden.First(g => g.Manifest == line.Manifest).Bytes;
            var text = Structure.Text(Serializer.FromBinary(bytes, line.Manifest));
            Assert.Equal(text, Structure.Text(Serializer.FromBinary([.. bytes, .. added], line.Manifest)));
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_what_is_persisted_is_noticed()
    {
        foreach (var (manifest, bytes) in Golden.Where(g => WireManifest.Current.Any(l => l.Manifest == g.Manifest && l.Check == RowCheck.Checksum)))
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[i] ^= 1 << 3;
                Assert.Equal(manifest, Assert.IsType<DamagedRow>(Serializer.FromBinary(damaged, manifest)).Manifest);
            }

            Assert.IsType<DamagedRow>(Serializer.FromBinary([], manifest));
            Assert.IsType<DamagedRow>(Serializer.FromBinary(bytes[..^1], manifest));
        }
    }
}
