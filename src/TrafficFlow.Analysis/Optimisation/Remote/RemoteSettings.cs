namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>Where a service is, and how long it is waited for.</summary>
/// <param name="Address">Such as https://na-west-1.cloud.dwavesys.com/sapi/v2/.</param>
/// <param name="Credential">Null for a service that asks for none.</param>
/// <param name="Principal">Who sends, for the audit.</param>
public sealed record RemoteSettings(Uri Address, SolverCredential? Credential, string Principal)
{
    /// <summary>Of one request; one that sends a model has the search time besides.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the first request to the answer, queueing included; a time limit of the solver's settings below it holds too. Then the job is cancelled.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a solver may search, for services that are told a time.</summary>
    public TimeSpan SearchTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of a second that the service charges for, in any currency; null: cost is not told.</summary>
    public decimal? PricePerSecond { get; init; }

    /// <summary>Longer answers are refused while they come.</summary>
    public int AnswerBytes { get; init; } = 64 * 1024 * 1024;
}
