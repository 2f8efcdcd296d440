using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Access;

/// <summary>Holds a message of a peer against more than its kind.</summary>
/// <returns>What is wrong with it; null where nothing is.</returns>
internal delegate Objection? AccessCondition(Peer peer, RemoteMessage message);

/// <summary>One line of <see cref="AccessTable"/>: who may send which message to which actor.</summary>
/// <param name="From">By the certificate.</param>
/// <param name="To">Path of the recipient; * stands for one name.</param>
/// <param name="SerializerId">Of the serializer that reads it.</param>
/// <param name="Manifest">Of the message, within its serializer.</param>
/// <param name="When">What must hold for this very message; null for nothing.</param>
internal sealed record AccessRule(IReadOnlyList<PeerRole> From, string To, int SerializerId, string Manifest, AccessCondition? When = null)
{
    private readonly string[] _names = To.Split('/');
    private readonly bool _isPattern = To.Contains('*');

    public bool IsTo(string recipient)
    {
        // Nearly all are whole paths, and every message is looked at.
        if (!_isPattern) return recipient == To;
        var names = recipient.Split('/');
        if (names.Length != _names.Length) return false;
        for (var i = 0; i < names.Length; i++)
        {
            if (_names[i] != "*" && _names[i] != names[i] && !(_names[i].EndsWith('*') && names[i].StartsWith(_names[i][..^1], StringComparison.Ordinal))) return false;
        }

        return true;
    }
}
