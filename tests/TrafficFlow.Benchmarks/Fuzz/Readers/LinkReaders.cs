using Google.Protobuf;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>What a peer sends behind the handshake, before Akka sees it; and the list of who may join.</summary>
internal static class LinkReaders
{
    public static IEnumerable<FuzzReader> All()
    {
        yield return new FuzzReader("associate", ReadAssociate) { Seeds = [Associate("akka.tcp", "10.0.0.2"), Associate("tcp", "roadside.example")] };
        yield return new FuzzReader("pins", ReadPins)
        {
            Seeds = SeedFiles.Of("pins"),
            Words = SeedFiles.Words("#", "\n", "\r\n", ":", "AB:CD:", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", " roadside-1"),
        };
    }

    private static bool ReadAssociate(byte[] input)
    {
        var host = AssociateOrigin.Host(ByteString.CopyFrom(input));
        if (host != AssociateOrigin.Host(ByteString.CopyFrom(input))) throw new WrongAcceptanceException("the same bytes name two hosts");
        return host is not null;
    }

    private static bool ReadPins(byte[] input)
    {
        var text = System.Text.Encoding.UTF8.GetString(input);
        var pins = PinList.Parse(text, out var problems);
        if (pins.Count + problems.Count > text.AsSpan().Count('\n') + text.AsSpan().Count('\r') + text.Length) throw new WrongAcceptanceException("more pins than lines");
        return pins.Count > 0;
    }

    /// <summary>AkkaProtocolMessage.instruction { commandType = ASSOCIATE, handshakeInfo { origin, uid } }.</summary>
    private static byte[] Associate(string protocol, string host)
    {
        byte[] origin = [.. Text(1, "trafficflow"), .. Text(2, host), 0x18, 0xd5, 0x1f, .. Text(4, protocol)];
        byte[] info = [.. Part(1, origin), 0x11, 1, 2, 3, 4, 5, 6, 7, 8];
        return Part(2, [0x08, 1, .. Part(2, info)]);
    }

    private static byte[] Text(int number, string text) => Part(number, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Part(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
