using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Recounting;

/// <summary>What the junction of a site counts of its cameras' observations.</summary>
internal static class JunctionRecount
{
    public static IEnumerable<CountedVehicle> Count(Site site, IEnumerable<CameraObservation> observations, TimeSpan gap, CancellationToken cancellation)
    {
        // Gates that somebody has drawn into the sky count nothing.
        if (GroundGates.Of(site).Count == 0) return [];
        var journeys = new List<Journey>();
        JunctionPipeline? pipeline = null;
        var last = DateTimeOffset.MinValue;
        foreach (var observation in observations.OrderBy(o => o.Time).ThenBy(o => o.Camera.Value, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (pipeline is not null && observation.Time - last > gap)
            {
                pipeline.Finish(journeys);
                pipeline = null;
            }

            pipeline ??= new JunctionPipeline(site);
            pipeline.Process(observation, journeys);
            last = observation.Time;
        }

        pipeline?.Finish(journeys);
        var junction = JunctionSetup.IdOf(site.Id);
        return journeys.SelectMany(j => JourneyMapper.Count(junction, j));
    }
}
