using Google.Protobuf;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// Reads whom a peer says that it is out of the first message of Akka's protocol (AkkaProtocolMessage.instruction.handshakeInfo.origin):
/// the certificate must name that host, or any admitted node could speak as any other.
/// </summary>
internal static class AssociateOrigin
{
    private const int Instruction = 2;
    private const int HandshakeInfo = 2;
    private const int Origin = 1;
    private const int System = 1;
    private const int Hostname = 2;

    /// <returns>Null where the message is no association.</returns>
    public static string? Host(ByteString message)
    {
        try
        {
            return Field(message, Instruction) is { } instruction
                && Field(instruction, HandshakeInfo) is { } info
                && Field(info, Origin) is { } origin
                    ? Field(origin, Hostname)?.ToStringUtf8()
                    : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <returns>All that the peer says of itself; null where the message is no association, or leaves something out.</returns>
    public static PeerOrigin? Of(ByteString message)
    {
        try
        {
            if (Field(message, Instruction) is not { } instruction || Field(instruction, HandshakeInfo) is not { } info || Field(info, Origin) is not { } origin) return null;
            if (Field(origin, System) is not { } system || Field(origin, Hostname) is not { } host) return null;
            var (address, handshake) = (Address.Parser.ParseFrom(origin), Handshake.Parser.ParseFrom(info));
            return new PeerOrigin(system.ToStringUtf8(), host.ToStringUtf8(), (int)address.Port, (int)handshake.Uid);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // Protobuf joins parts that come twice. Akka writes none twice: two hosts are nobody's, and joining a million of them takes minutes.
    private static ByteString? Field(ByteString message, int number)
    {
        ByteString? found = null;
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (tag != WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited)) input.SkipLastField();
            else if (found is not null) return null;
            else found = input.ReadBytes();
        }

        return found;
    }
}
