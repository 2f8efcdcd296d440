using System.IO.Hashing;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Newtonsoft.Json;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>Messages from other nodes and rows of the journal, by each of the serializers that may read them.</summary>
internal static class WireReaders
{
    private const int Fallback = 7322;
    private const int Former = 2;

    public static IEnumerable<FuzzReader> All(ExtendedActorSystem system)
    {
        var wire = new WireReader(system);
        yield return new FuzzReader("wire", wire.Read) { Seeds = wire.Seeds, Describe = wire.Describe, Words = SeedFiles.Words("north", "cam1", "kokandori", "entering", "to south") };

        // MANIFEST, a line feed, the bytes: as Akka would give them on.
        yield return new FuzzReader("fallback", input => ReadNamed(system, Fallback, input, result => FallbackTypes.Contain(result.GetType())))
        {
            Seeds = SeedFiles.Of("fallback"),
            Words = SeedFiles.Words(
                "System.String", "System.Object", "System.Int64[]", "\n", "{", "}", "\"$type\":", "\"$values\":[", "System.IO.FileInfo, System.Private.CoreLib", "Akka.Actor.Address, Akka",
                "System.Collections.Generic.List`1[[System.Object, System.Private.CoreLib]], System.Private.CoreLib", "\"fileName\":\"/etc/passwd\"", "$", "S1", "I"),
        };
        yield return new FuzzReader("former-protobuf", input => ReadNamed(system, Former, input, result => result is Wire.Proto.ApproachSnapshot or DamagedRow))
        {
            Seeds = [.. wire.Samples("approach-snapshot-v3").Select(b => (byte[])[.. "TrafficFlow.Wire.Proto.ApproachSnapshot, TrafficFlow.Wire\n"u8, .. b[4..]])],
            Words = SeedFiles.Words("TrafficFlow.", "ApproachSnapshot", ", ", "\n"),
        };
    }

    private static bool ReadNamed(ExtendedActorSystem system, int serializer, byte[] input, Func<object, bool> mayBe)
    {
        var at = Array.IndexOf(input, (byte)'\n');
        if (at < 0) return false;
        try
        {
            var read = system.Serialization.Deserialize(input[(at + 1)..], serializer, Encoding.UTF8.GetString(input.AsSpan(0, at)));
            if (read is not null && !mayBe(read)) throw new WrongAcceptanceException($"a {read.GetType()} was read");
            return read is not null and not DamagedRow;
        }
        catch (SerializationException)
        {
            return false;
        }
    }
}

/// <summary>
/// Everything of the manifest table. An input is two bytes that choose the line, one that says whether the checksum is right, and the content.
/// </summary>
internal sealed class WireReader(ExtendedActorSystem system)
{
    private const int Head = 3;
    private const byte AsItIs = 0xff;

    private readonly TrafficFlowSerializer _serializer = new(system);
    private readonly WireLine[] _lines = [.. WireManifest.All.OrderBy(l => Choice(l.Manifest))];
    private readonly ushort[] _choices = [.. WireManifest.All.Select(l => Choice(l.Manifest)).Order()];

    /// <summary>A sample of each line, as other tests hold it for ever.</summary>
    public IReadOnlyList<byte[]> Seeds =>
    [
        .. Golden().Concat(SeedFiles.Manifests("wire")).Select(g => (byte[])[.. Chosen(g.Manifest), 0, .. Line(g.Manifest) is { Check: RowCheck.Checksum } ? g.Bytes[4..] : g.Bytes]),
    ];

    public IEnumerable<byte[]> Samples(string manifest) => Golden().Where(g => g.Manifest == manifest).Select(g => g.Bytes);

    public string Describe(byte[] input) => input.Length < Head ? "" : $"manifest {LineOf(input).Manifest}";

    public bool Read(byte[] input)
    {
        if (input.Length < Head) return false;
        var line = LineOf(input);
        var content = input[Head..];
        if (line.Check == RowCheck.Checksum && input[2] != AsItIs) content = [.. BitConverter.GetBytes(Crc32.HashToUInt32(content)), .. content];
        object read;
        try
        {
            read = _serializer.FromBinary(content, line.Manifest);
        }
        catch (SerializationException)
        {
            return false;
        }

        if (read is DamagedRow) return false;
        WireRules.Check(read, isFromPeer: line.Check == RowCheck.None);
        var written = _serializer.ToBinary(read);
        var again = _serializer.FromBinary(written, _serializer.Manifest(read));
        if (!_serializer.ToBinary(again).AsSpan().SequenceEqual(written)) throw new WrongAcceptanceException($"{line.Manifest} is another message after it was written and read again");
        return true;
    }

    private WireLine LineOf(byte[] input)
    {
        var at = Array.BinarySearch(_choices, (ushort)((input[0] << 8) | input[1]));
        return _lines[at >= 0 ? at : ~at % _lines.Length];
    }

    private WireLine Line(string manifest) => _lines.First(l => l.Manifest == manifest);

    private static byte[] Chosen(string manifest) => [(byte)(Choice(manifest) >> 8), (byte)Choice(manifest)];

    /// <summary>By its name and not by its place, so that an input stays what it is when the table grows.</summary>
    private static ushort Choice(string manifest) => (ushort)Crc32.HashToUInt32(Encoding.UTF8.GetBytes(manifest));

    private IEnumerable<(string Manifest, byte[] Bytes)> Golden() => SeedFiles.Manifests("golden").Where(g => _lines.Any(l => l.Manifest == g.Manifest));
}
