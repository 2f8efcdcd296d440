using Akka.Actor;
using Google.Protobuf;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// A message on its way to an actor, unwrapped as far as the right to send it depends on it, and not deserialized. A message that goes by an
/// actor selection has the path that the selection ends at.
/// </summary>
/// <param name="Recipient">Path within the actor system: /user/relay.</param>
/// <param name="SenderHost">Host of the actor that is answered; null where there is none.</param>
/// <param name="SerializerId">As Akka's serializers are registered.</param>
/// <param name="Manifest">Of the message, within its serializer.</param>
internal sealed record RemoteMessage(string Recipient, string? SenderHost, int SerializerId, string Manifest, ByteString Payload)
{
    private const int SelectionSerializer = 6;
    private const int ChildByName = 2;
    private const int MostElements = 16;

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
            if (AckAndEnvelope.Parser.ParseFrom(protocol.Payload).Envelope is not { } envelope) return null;
            if (envelope.Message is not { } payload || Elements(envelope.Recipient) is not { } path) return "a message to nobody";
            var sender = envelope.Sender is null ? null : HostOf(envelope.Sender.Path);
            if (payload.SerializerId == SelectionSerializer)
            {
                var selection = Selection.Parser.ParseFrom(payload.Message);
                if (selection.Payload is null || selection.Pattern.Any(e => e.Type != ChildByName)) return "a selection of several actors";
                path.AddRange(selection.Pattern.Select(e => e.Matcher));
                payload = selection.Payload;
            }

            // The library takes ".." for the parent.
            if (path.Count is 0 or > MostElements || path.Any(e => e is "" or "." or ".." || e.Contains('/', StringComparison.Ordinal))) return "a path that is none";
            message = new RemoteMessage("/" + string.Join('/', path), sender, payload.SerializerId, payload.Manifest.ToStringUtf8(), payload.Message);
            return null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or OverflowException or ArgumentException)
        {
            return "bytes that are no message";
        }
    }

    /// <summary>Host of an actor's path; "" where it is none.</summary>
    public static string HostOf(string path) => ActorPath.TryParse(path, out var parsed) ? parsed.Address.Host ?? "" : "";

    private static List<string>? Elements(ActorRef? actor)
    {
        if (actor is null || !ActorPath.TryParse(actor.Path, out var path)) return null;
        // The root's own, where a selection begins, is one empty name.
        return path.Elements is [""] ? [] : [.. path.Elements];
    }
}
