namespace TrafficFlow.Web.Pages.Health;

/// <summary>What only the node that shows the pages knows of itself.</summary>
public interface INodeFacts
{
    /// <summary>Ends within some seconds, whatever hangs; asked by many, it is found once.</summary>
    Task<NodeFacts> ReadAsync(CancellationToken cancellation);
}

/// <param name="Name">As health end points name it.</param>
/// <param name="Why">What was found; where it is bad, with what to do.</param>
public sealed record NodeCheck(string Name, bool IsGood, string Why);

/// <param name="Use">remoting, subscribers, pages.</param>
/// <param name="Until">Null where its file cannot be read.</param>
public sealed record NodeCertificate(string Use, string File, DateTimeOffset? Until);

/// <param name="Audit">Why the audit is not kept as it should be; null while it is.</param>
/// <param name="Streams">Of subscribers with a token; null where none are let in.</param>
public sealed record NodeFacts(IReadOnlyList<NodeCheck> Checks, IReadOnlyList<NodeCertificate> Certificates, string? Audit, int? Streams);
