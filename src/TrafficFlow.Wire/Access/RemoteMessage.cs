using Google.Protobuf;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// A message on its way to an actor, unwrapped as far as the right to send it depends on it, and not deserialized. A message that goes by an
/// actor selection has the path that the selection ends at.
/// </summary>
/// <param name="From">The actor that is answered; null for none.</param>
/// <param name="SerializerId">As Akka's serializers are registered.</param>
/// <param name="Manifest">Of the message, within its serializer.</param>
/// <param name="Sequence">Of a message that the library delivers in order and once; null for all others.</param>
internal sealed record RemoteMessage(ActorAt To, ActorAt? From, int SerializerId, string Manifest, ByteString Payload, ulong? Sequence = null)
{
    private const int ChildByName = 2;
    private const int MostElements = 16;
    private const int LongestManifest = 256;

    public string Recipient => To.Path;

    /// <summary>Reads one message of Akka's protocol.</summary>
    /// <param name="message">Null where it is for no actor: heartbeats and acknowledgements of the link.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Read(ByteString frame, out RemoteMessage? message)
    {
        message = null;
        try
        {
            var protocol = ProtocolMessage.Parser.ParseFrom(frame);
            if (!protocol.Instruction.IsEmpty) return protocol.Payload.IsEmpty ? null : "a message that is an instruction too";
            if (protocol.Payload.IsEmpty) return "nothing";
            if (AckAndEnvelope.Parser.ParseFrom(protocol.Payload).Envelope is not { } envelope) return null;
            if (envelope.Message is not { } payload || ActorAt.Parse(envelope.Recipient?.Path ?? "") is not { } to) return "a message to nobody";
            var from = envelope.Sender is null ? null : ActorAt.Parse(envelope.Sender.Path);
            if (envelope.Sender is not null && from is not { Host.Length: > 0 }) return "a message to be answered to nobody";
            var names = to.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
            if (payload.SerializerId == KnownSerializers.Selection)
            {
                var selection = Selection.Parser.ParseFrom(payload.Message);
                if (selection.Payload is null || selection.Pattern.Any(e => e.Type != ChildByName)) return "a selection of several actors";
                names.AddRange(selection.Pattern.Select(e => e.Matcher));
                payload = selection.Payload;
            }

            if (names.Count is 0 or > MostElements || !names.All(ActorAt.IsName)) return "a path that is none";
            if (payload.Manifest.Length > LongestManifest) return "a manifest that is none";
            message = new RemoteMessage(
                to with { Path = "/" + string.Join('/', names) }, from, payload.SerializerId, payload.Manifest.ToStringUtf8(), payload.Message,
                envelope.Sequence == ulong.MaxValue ? null : envelope.Sequence);
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            return "bytes that are no message";
        }
    }
}
