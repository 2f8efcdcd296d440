namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>When a service is asked again: dwave-cloud-client's back-off, 0.05 s times 1.3 each time, at most 60 s.</summary>
internal static class PollSchedule
{
    public static TimeSpan Delay(int asked) => TimeSpan.FromSeconds(Math.Min(60, 0.05 * Math.Pow(1.3, Math.Min(asked, 60))));
}
