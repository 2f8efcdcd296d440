using Google.Protobuf;

namespace TrafficFlow.Wire.Peers;

/// <summary>Decides what of that which an authenticated peer sends is read at all.</summary>
public interface IPeerFilter
{
    /// <summary>Called for each message, in the order of the link, before anything of it is deserialized. Never throws.</summary>
    /// <param name="message">One message of Akka's protocol.</param>
    /// <returns>False where it is dropped; the filter has logged and counted it.</returns>
    bool Admits(PeerLink link, ByteString message);
}
