using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using Xunit;

namespace TrafficFlow.Core.Tests.Privacy;

public sealed class PrivacyWatchTests
{
    private const double Rate = 10;
    private static readonly DateTimeOffset s_start = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);
    private static readonly FrameFormat s_frame = new(1280, 720, Rate);
    private static readonly DetectorIdentity s_model = new("own", "1", new ScoreBands(0.15f, 0.45f, 0.45f), KnowsPersons: true);
    private static readonly Box s_person = new(600, 300, 60, 180);
    private static readonly Box s_car = new(200, 400, 300, 200);

    [Theory]
    [InlineData(DetectedKind.Person)]
    [InlineData(DetectedKind.Other)]
    [InlineData(DetectedKind.Rider)]
    [InlineData(DetectedKind.Vehicle)]
    public void Who_stands_and_is_seen_now_and_then_is_coarse_in_every_picture_of_a_file(DetectedKind kind)
    {
        var film = Film(60, t => t is 9.0 or 9.1 or 9.2 or 25.0 or 41.0 or 41.1 or 51.5 ? [new(s_person, 0.8f, VehicleClass.Unclassified, kind)] : []);

        Assert.All(film, areas => AssertCovered(s_person, areas));
    }

    [Fact]
    public void Who_is_doubted_all_the_time_is_coarse_too()
    {
        var film = Film(30, t => t % 5 < 0.2 ? [Person(s_person, 0.2f)] : []);

        Assert.All(film, areas => AssertCovered(s_person, areas));
    }

    [Fact]
    public void Live_who_stands_and_is_missed_is_held_at_its_place()
    {
        var live = Live(12, t => t < 3 ? [Person(s_person, 0.8f)] : []);

        Assert.All(live, areas => AssertCovered(s_person, areas));
    }

    [Fact]
    public void Who_has_gone_is_not_held_for_ever()
    {
        var film = Film(60, t => t < 3 ? [Person(s_person, 0.8f)] : []);

        Assert.Empty(film[^1].Areas);
    }

    [Theory]
    [InlineData(DetectedKind.Person, 60)]
    [InlineData(DetectedKind.Vehicle, 250)]
    public void Who_moves_and_is_missed_is_coarse_on_the_way(DetectedKind kind, float speed)
    {
        Box At(double t) => new(100 + (float)(speed * t), 300, kind == DetectedKind.Person ? 60 : 200, 150);
        IReadOnlyList<Detection.Detection> Seen(double t) => t is < 1.45 or > 2.55 ? [new(At(t), 0.8f, VehicleClass.Unclassified, kind)] : [];

        var (film, live) = (Film(4, Seen), Live(4, Seen));

        for (var i = 0; i < film.Count; i++)
        {
            AssertCovered(At(i / Rate), film[i]);
            AssertCovered(At(i / Rate), live[i]);
        }
    }

    [Fact]
    public void A_vehicle_that_comes_into_the_picture_is_coarse_before_it_is_found()
    {
        Box At(double t) => Box.FromCorners(0, 300, (float)(150 * t), 500);

        var film = Film(4, t => t > 1.45 ? [Car(At(t), 0.8f)] : []);

        AssertCovered(At(0.9), film[9], 0.9f);
    }

    [Fact]
    public void A_vehicle_that_has_left_leaves_no_patch()
    {
        Box At(double t) => new Box(700 + (float)(400 * t), 300, 300, 200).ClipTo(1280, 720);

        var film = Film(8, t => At(t).Width > 20 ? [Car(At(t), 0.8f)] : []);

        Assert.Empty(film[^1].Areas);
    }

    [Theory]
    [InlineData(40, 28, false)]
    [InlineData(60, 45, true)]
    [InlineData(20, 120, true)]
    public void A_vehicle_is_coarse_where_its_plate_might_be_read_and_also_where_only_a_part_of_it_is_seen(float width, float height, bool isCoarse)
    {
        var film = Film(1, _ => [Car(new Box(0, 100, width, height), 0.9f)]);

        Assert.All(film, areas => Assert.Equal(isCoarse, areas.Areas.Count > 0));
    }

    [Fact]
    public void A_part_of_a_vehicle_has_the_blocks_of_the_whole()
    {
        var area = Assert.Single(Film(1, _ => [Car(new Box(0, 100, 80, 230), 0.9f)])[0].Areas);

        Assert.True(area.Width > 290, $"{area.Width}");
    }

    [Fact]
    public void A_larger_part_than_the_box_is_coarse_at_every_side()
    {
        var area = Assert.Single(Film(1, _ => [Person(s_person, 0.9f)])[0].Areas);

        Assert.True(area.Box.X <= s_person.X - 10 && area.Box.Right >= s_person.Right + 10 && area.Box.Y <= s_person.Y - 30 && area.Box.Bottom >= s_person.Bottom + 30, $"{area.Box}");
    }

    [Theory]
    [InlineData(0.2f, false)]
    [InlineData(0.5f, true)]
    public void What_fills_half_the_picture_is_coarse_where_it_is_sure(float score, bool isCoarse)
    {
        var film = Film(2, _ => [Person(new Box(0, 0, 640, 720), score)]);

        Assert.All(film, areas => Assert.Equal(isCoarse, areas.Areas.Count > 0));
    }

    [Fact]
    public void What_was_doubted_and_seen_once_is_nothing() => Assert.All(Film(5, t => t is 2.0 ? [Person(s_person, 0.2f)] : []), areas => Assert.Empty(areas.Areas));

    [Fact]
    public void A_doubted_person_as_large_as_a_surer_vehicle_is_that_vehicle()
    {
        var film = Film(2, _ => [Car(s_car, 0.8f), Person(s_car, 0.2f)]);

        Assert.All(film, areas => Assert.Equal(SubjectKind.Vehicle, Assert.Single(areas.Areas).Kind));
    }

    [Fact]
    public void On_a_motorcycle_somebody_sits() =>
        Assert.Equal(SubjectKind.Person, Assert.Single(Film(1, _ => [new(s_person, 0.9f, VehicleClass.Motorcycle)])[0].Areas).Kind);

    [Fact]
    public void A_track_that_the_frame_missed_is_coarse_where_it_is_predicted()
    {
        var watch = new PrivacyWatch(s_model, s_frame);
        for (var i = 0; i < 3; i++) watch.Observe(s_start.AddSeconds(i / Rate), [], [new TrackView(1, s_car, VehicleClass.PassengerCar, IsSeen: false)], [new TrackView(2, s_person, VehicleClass.Unclassified, IsSeen: false)]);

        var areas = watch.At(s_start.AddSeconds(2 / Rate)).Areas;

        Assert.Equal([SubjectKind.Person, SubjectKind.Vehicle], areas.Select(a => a.Kind).Order());
    }

    [Fact]
    public void Where_the_detector_knows_no_persons_the_whole_picture_is_coarse()
    {
        var watch = new PrivacyWatch(s_model with { KnowsPersons = false }, s_frame);

        Assert.True(watch.At(s_start).IsWhole);
        Assert.True(watch.Record.IsWhole);
        Assert.Equal((1, 1), (watch.Record.Frames, watch.Record.OfFrames));
    }

    [Fact]
    public void It_records_how_many_were_coarsened_in_how_many_pictures()
    {
        var watch = new PrivacyWatch(s_model, s_frame);
        Run(watch, 60, t => t < 20 ? [Person(s_person, 0.8f), Person(s_person with { X = 1000 }, 0.8f), Car(s_car, 0.7f)] : [], watch.Horizon);

        Assert.Equal((2, 1), (watch.Record.Persons, watch.Record.Vehicles));
        Assert.Equal(600, watch.Record.OfFrames);
        Assert.InRange(watch.Record.Frames, 200, 310);
    }

    [Fact]
    public void The_same_person_seen_by_two_boxes_in_one_frame_is_one()
    {
        var watch = new PrivacyWatch(s_model, s_frame);
        Run(watch, 5, _ => [Person(s_person, 0.8f), Person(s_person with { Height = 150 }, 0.6f)], watch.Horizon);

        Assert.Equal(1, watch.Record.Persons);
    }

    private static Detection.Detection Person(Box box, float score) => new(box, score, VehicleClass.Unclassified, DetectedKind.Person);

    private static Detection.Detection Car(Box box, float score) => new(box, score, VehicleClass.PassengerCar);

    private static List<PictureAreas> Film(double seconds, Func<double, IReadOnlyList<Detection.Detection>> seen)
    {
        var watch = new PrivacyWatch(s_model, s_frame);
        return Run(watch, seconds, seen, watch.Horizon);
    }

    private static List<PictureAreas> Live(double seconds, Func<double, IReadOnlyList<Detection.Detection>> seen) =>
        Run(new PrivacyWatch(s_model, s_frame), seconds, seen, TimeSpan.Zero);

    /// <summary>Each picture is asked for when so much more was looked at.</summary>
    private static List<PictureAreas> Run(PrivacyWatch watch, double seconds, Func<double, IReadOnlyList<Detection.Detection>> seen, TimeSpan ahead)
    {
        var (shown, times) = (new List<PictureAreas>(), new Queue<DateTimeOffset>());
        for (var i = 0; i < seconds * Rate; i++)
        {
            var time = s_start.AddSeconds(i / Rate);
            watch.Observe(time, seen(Math.Round(i / Rate, 1)), [], []);
            times.Enqueue(time);
            while (times.Count > 0 && times.Peek() <= time - ahead) shown.Add(watch.At(times.Dequeue()));
        }

        shown.AddRange(times.Select(t => watch.At(t)));
        return shown;
    }

    private static void AssertCovered(Box box, PictureAreas areas, float least = 0.98f)
    {
        var inside = box.ClipTo(s_frame.Width, s_frame.Height);
        Assert.True(
            areas.Areas.Any(a => a.Box.IntersectionWith(inside) >= least * inside.Area),
            $"at {(areas.EventTime - s_start).TotalSeconds:0.0} s: {inside} is not in {string.Join(", ", areas.Areas.Select(a => a.Box))}");
    }
}
