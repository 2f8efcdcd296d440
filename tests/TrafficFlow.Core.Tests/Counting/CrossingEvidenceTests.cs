using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Counting;

/// <summary>What is told of a crossing. The gate lies at y = 200; a car is 50 x 40 pixels, at 10 frames a second.</summary>
public sealed class CrossingEvidenceTests
{
    [Fact]
    public void A_plain_crossing_tells_its_pictures_its_place_and_how_sure_the_detector_was()
    {
        var film = Film.Run(7, 10, Film.Across(200), t => Film.Car(300, 60 + (50 * t), t < 2 ? 0.6f : 0.9f));

        var crossing = Assert.Single(film.Crossings);
        var evidence = Assert.IsType<CrossingEvidence>(crossing.Evidence);
        Assert.Equal((0, Film.At(0)), (evidence.FirstSeen.Frame, evidence.FirstSeen.Time));
        // It passes y = 200 at 2.8 s: in picture 28, or just after it.
        Assert.InRange(evidence.Before.Frame, 27, 28);
        Assert.Equal(evidence.Before.Frame + 1, evidence.After.Frame);
        Assert.True(evidence.Before.Time <= crossing.Time && crossing.Time <= evidence.After.Time);
        Assert.InRange(evidence.X, 299, 301);
        Assert.InRange(evidence.Y, 199.5, 200.5);
        Assert.InRange(evidence.BeforePixels, 130, 141);
        Assert.InRange(evidence.BeyondPixels, 150, 211);
        Assert.Equal(1, evidence.SeenShare);
        Assert.Equal(0.6, evidence.Standing.LeastScore, 3);
        Assert.InRange(evidence.Standing.MeanScore, 0.78, 0.85);
        Assert.Equal(Film.Scores.High, evidence.SureScore, 3);
        Assert.True(evidence.Standing.Classes.Votes.PassengerCar > 20 && evidence.Standing.Classes.Votes.Bus == 0);
        Assert.False(evidence.Standing.Classes.WasLookedAt);
        Assert.Equal(CrossingReasons.WayJudged, evidence.Reasons & ~CrossingReasons.TrackOver);
        Assert.Null(evidence.OtherTrack);
        Assert.True(evidence.DecidedAt > crossing.Time);
    }

    [Fact]
    public void What_stood_on_the_line_when_it_was_first_seen_is_said_to_have()
    {
        var noise = new Random(5);
        var film = Film.Run(8, 10, Film.Across(200), t => Film.Car(300, 203 + noise.Next(-2, 3) + (40 * Math.Max(0, t - 4))));

        Assert.True(Reasons(film).HasFlag(CrossingReasons.WasAstride));
    }

    [Fact]
    public void What_was_hidden_at_the_line_is_said_to_have_been_found_again()
    {
        var film = Film.Run(7, 10, Film.Across(200), t => t is > 2.65 and < 2.95 ? null : Film.Car(300, 60 + (50 * t)));

        var evidence = Assert.Single(film.Crossings).Evidence!;
        Assert.True(evidence.Reasons.HasFlag(CrossingReasons.HiddenAtLine));
        Assert.Equal((26, 30), (evidence.Before.Frame, evidence.After.Frame));
        Assert.InRange(evidence.SeenShare, 0.4, 0.9);
    }

    [Fact]
    public void A_track_that_ends_a_little_beyond_the_line_says_so()
    {
        // The film ends when it has come 10 pixels beyond: more than its box jitters, less than makes it certain.
        var film = Film.Run(3, 10, Film.Across(200), t => Film.Car(300, 60 + (50 * t)));

        Assert.True(Reasons(film).HasFlag(CrossingReasons.EndedBeyond));
        Assert.True(Reasons(film).HasFlag(CrossingReasons.TrackOver));
    }

    [Fact]
    public void Two_that_cross_side_by_side_name_each_other_and_say_that_they_are_two()
    {
        var film = Film.Run(7, 10, Film.Across(200), t => Film.Car(200, 60 + (50 * t)), t => Film.Car(300, 60 + (50 * t)));

        Assert.Equal(2, film.Crossings.Count);
        Assert.All(film.Crossings, c =>
        {
            Assert.True(c.Evidence!.Reasons.HasFlag(CrossingReasons.OtherBeside));
            Assert.Equal(film.Crossings.Single(o => o.Track != c.Track).Track, c.Evidence.OtherTrack);
            Assert.Equal(0, c.Evidence.OtherShare);
        });
    }

    [Fact]
    public void One_that_drives_against_everybody_says_so_and_what_the_stream_was()
    {
        var stream = Enumerable.Range(0, 8).Select(i => (Seen)(t => t - (4 * i) is > 0 and < 6 and var own ? Film.Car(150, 60 + (50 * own)) : null));
        var film = Film.Run(50, 10, Film.Across(200), [.. stream, t => t - 40 is > 0 and < 6 and var own ? Film.Car(450, 340 - (50 * own)) : null]);

        var backward = Assert.Single(film.Crossings, c => c.Direction == CrossingDirection.Backward);
        Assert.True(backward.Evidence!.Reasons.HasFlag(CrossingReasons.AgainstStream));
        Assert.True(backward.Evidence.StreamForward > 4 && backward.Evidence.StreamBackward < 1);
    }

    [Fact]
    public void A_passage_tells_of_both_its_gates()
    {
        var film = Film.Run(7, 10, [Film.Across(150, "a"), Film.Across(250, "b")], t => Film.Car(300, 60 + (50 * t)));

        var passage = Assert.Single(film.Passages);
        Assert.Equal(film.Crossings.Select(c => c.Evidence), [passage.From, passage.To]);
        Assert.True(passage.From!.Before.Time <= passage.EnteredAt && passage.To!.After.Time >= passage.LeftAt);
    }

    private static CrossingReasons Reasons(Film film) => Assert.Single(film.Crossings).Evidence!.Reasons;
}
