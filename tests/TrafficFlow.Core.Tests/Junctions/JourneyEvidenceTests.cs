using TrafficFlow.Core.Junctions;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>Why journeys of the simulated junction were counted.</summary>
public sealed class JourneyEvidenceTests
{
    [Fact]
    public void Every_journey_has_evidence_that_agrees_with_it()
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults { Noise = 0.25, Bias = 0.8, BreaksPerSecond = 0.02 });
        var (pipeline, journeys, evidence) = (new JunctionPipeline(MapSite.Site), new List<Journey>(), new List<JourneyEvidence>());
        foreach (var observation in observations.Play(120)) pipeline.Process(observation, journeys, evidence);
        pipeline.Finish(journeys, evidence);

        Assert.True(journeys.Count > 20);
        Assert.Equal(journeys.Select(j => (j.Number, j.Part)), evidence.Select(e => (e.Number, e.Part)));
        Assert.All(journeys.Zip(evidence), pair =>
        {
            var (journey, told) = pair;
            Assert.NotEmpty(told.Tracks);
            Assert.Equal(journey.Cameras, told.Tracks.Select(t => t.Camera).Distinct().Count());
            Assert.Equal(journey.Cameras > 1, told.Reasons.HasFlag(JourneyReasons.Joined));
            Assert.Equal((journey.Approach, journey.EnteredAt), (told.Entry?.Approach, told.Entry?.Time));
            Assert.Equal((journey.Exit, journey.LeftAt), (told.Exit?.Approach, told.Exit?.Time));
            Assert.Equal(journey.Approach is null, told.Reasons.HasFlag(JourneyReasons.EntryUnknown));
            Assert.Equal(journey.Exit is null, told.Reasons.HasFlag(JourneyReasons.ExitUnknown));
            Assert.All(told.Tracks, t => Assert.True(t.From <= t.To && t.MatchScore is null or >= 0 and <= 1));
            if (told.ClassVotes.Length > 0) Assert.Equal(journey.Class, told.ClassVotes[0].Class);
            Assert.True(told.DecidedAt >= (journey.LeftAt ?? journey.EnteredAt));
        });
        // The first track of a vehicle began it, and later ones were matched with it.
        Assert.Contains(evidence, e => e.Tracks.Any(t => t.MatchScore > 0.2));
        Assert.Contains(evidence, e => e.Reasons.HasFlag(JourneyReasons.HandedOver));
        Assert.All(evidence.Where(e => !e.Reasons.HasFlag(JourneyReasons.Merged) && !e.Reasons.HasFlag(JourneyReasons.SecondImages) && !e.Reasons.HasFlag(JourneyReasons.Split)),
            e => Assert.Single(e.Tracks, t => t.MatchScore is null));
    }
}
