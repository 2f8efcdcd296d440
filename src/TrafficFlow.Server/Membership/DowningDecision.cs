namespace TrafficFlow.Server.Membership;

/// <summary>What a server does about nodes that are out of reach.</summary>
internal enum DowningVerdict
{
    /// <summary>Another server of this side decides, or there is nothing to decide.</summary>
    Nothing,

    /// <summary>The nodes out of reach are removed.</summary>
    DownUnreachable,

    /// <summary>Whoever gets the lease goes on; the other side ends.</summary>
    AskForLease,

    /// <summary>As <see cref="AskForLease"/>, after a moment: the other side has the better right.</summary>
    AskForLeaseLater,

    /// <summary>This side has lost: its servers are removed and join again.</summary>
    DownThisSide,
}

/// <summary>
/// The rule by which servers decide who is down. Pure. Only servers are counted, whichever node leads the cluster: a roadside node is
/// removed when it is out of reach and never decides. Between servers the majority goes on; of two halves the one that gets the lease of
/// their database, or where there is none the one with the lowest address.
/// </summary>
internal static class DowningDecision
{
    /// <param name="reachable">Servers in reach, this one included, in the order of their addresses.</param>
    /// <param name="unreachable">Servers out of reach.</param>
    /// <param name="self">This server.</param>
    public static DowningVerdict Of<T>(IReadOnlyList<T> reachable, IReadOnlyList<T> unreachable, T self, IComparer<T> order, bool hasLease, bool othersUnreachable)
        where T : notnull
    {
        if (reachable.Count == 0 || !reachable[0].Equals(self) || (unreachable.Count == 0 && !othersUnreachable)) return DowningVerdict.Nothing;
        if (unreachable.Count == 0) return DowningVerdict.DownUnreachable;
        var isBetter = reachable.Count > unreachable.Count
            || (reachable.Count == unreachable.Count && order.Compare(self, unreachable.Order(order).First()) < 0);
        return (hasLease, isBetter) switch
        {
            (true, true) => DowningVerdict.AskForLease,
            (true, false) => DowningVerdict.AskForLeaseLater,
            (false, true) => DowningVerdict.DownUnreachable,
            (false, false) => DowningVerdict.DownThisSide,
        };
    }
}
