using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Vision.Privacy;
using Xunit;
using static TrafficFlow.SystemTests.Privacy.StripedStreet;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The picture of the proposed gates is a mean of many frames: stripes on whoever stood before the camera must not be in it.</summary>
public sealed class ScenePictureCanaryTests
{
    private static readonly Box s_place = new(100, 80, 96, 64);
    private static readonly Box s_elsewhere = new(210, 80, 96, 64);

    public static TheoryData<string, int, Func<int, bool>, Func<int, bool>> Stands => new()
    {
        { "leaves before the last sample", 20, i => i < 19, _ => true },
        { "is missed in the last sample", 20, _ => true, i => i < 19 },
        { "is missed in half of the samples", 40, _ => true, i => i % 2 == 0 },
        { "is seen twice in all the time", 400, _ => true, i => i is 7 or 300 },
        { "passes a clip of two samples", 2, i => i == 0, _ => true },
        { "is missed in one of two samples", 2, _ => true, i => i == 0 },
    };

    [Theory]
    [MemberData(nameof(Stands))]
    public void Whoever_stood_before_the_camera_is_coarsened(string name, int samples, Func<int, bool> isThere, Func<int, bool> isCoarse)
    {
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            using var scene = new SceneAverage();
            for (var i = 0; i < samples; i++) Add(scene, isThere(i) ? s_place : null, isThere(i) && isCoarse(i) ? [Area(s_place, kind)] : []);

            Assert.True(Stripes(scene, s_place) < Unreadable, $"a {kind} that {name}: {Stripes(scene, s_place):0}");
        }
    }

    [Fact]
    public void Where_nobody_can_tell_who_stood_there_all_of_the_picture_is_coarse()
    {
        using var scene = new SceneAverage();
        for (var i = 0; i < 20; i++) Add(scene, s_place, [], isWhole: true);

        Assert.True(Stripes(scene, s_place) < Unreadable);
    }

    [Fact]
    public void What_nobody_was_seen_at_stays_sharp()
    {
        using var scene = new SceneAverage();
        for (var i = 0; i < 20; i++) Add(scene, s_place, [Area(s_elsewhere, SubjectKind.Vehicle)]);

        Assert.True(Stripes(scene, s_place) > Sharp, "the stripes are not seen even where nobody was: this test proves nothing");
    }

    private static PrivateArea Area(Box box, SubjectKind kind) => new(box, kind, box.Width);

    private static void Add(SceneAverage scene, Box? striped, PrivateArea[] areas, bool isWhole = false)
    {
        using var frame = Frame(striped);
        scene.Add(frame, new PictureAreas(frame.EventTime, isWhole, areas));
    }

    private static double Stripes(SceneAverage scene, Box box)
    {
        using var shown = new ShownPicture();
        shown.Show(scene);
        return StripedStreet.Stripes(shown, box);
    }
}
