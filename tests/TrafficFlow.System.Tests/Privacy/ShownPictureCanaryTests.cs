using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Vision.Privacy;
using Xunit;
using static TrafficFlow.SystemTests.Privacy.StripedStreet;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>What is left of stripes in shown pictures.</summary>
public sealed class ShownPictureCanaryTests
{
    private static readonly Box s_vehicle = new(100, 80, 96, 64);
    private static readonly Box s_person = new(100, 80, 36, 64);

    [Fact]
    public void A_person_becomes_a_few_blocks() => Assert.InRange(Stripes(s_person, new PrivateArea(s_person, SubjectKind.Person, s_person.Width)), 0, Unreadable);

    [Fact]
    public void A_vehicle_keeps_its_shape_only() => Assert.InRange(Stripes(s_vehicle, new PrivateArea(s_vehicle, SubjectKind.Vehicle, s_vehicle.Width)), 0, Unreadable);

    [Fact]
    public void A_sliver_of_a_person_at_the_edge_becomes_one_block()
    {
        var sliver = new Box(312, 80, 8, 64);

        Assert.InRange(Stripes(sliver with { X = 300, Width = 20 }, new PrivateArea(sliver with { X = 300, Width = 20 }, SubjectKind.Person, 40)), 0, Unreadable);
    }

    [Fact]
    public void Nothing_is_left_where_the_whole_picture_is_coarse() => Assert.InRange(Stripes(s_vehicle, isWhole: true), 0, Unreadable);

    [Fact]
    public void What_nobody_stands_at_stays_sharp() => Assert.True(Stripes(s_vehicle) > Sharp, "the stripes are not seen even where nobody is: this test proves nothing");

    [Fact]
    public void What_must_be_coarse_in_another_frame_says_nothing_of_this_one()
    {
        using var shown = new ShownPicture();
        using var frame = Frame(s_vehicle);

        Assert.Throws<ArgumentException>(() => shown.Show(frame, new PictureAreas(frame.EventTime.AddSeconds(1), isWhole: true, [])));
    }

    private static double Stripes(Box striped, params PrivateArea[] areas) => Stripes(striped, false, areas);

    private static double Stripes(Box striped, bool isWhole, params PrivateArea[] areas)
    {
        using var shown = new ShownPicture();
        using var frame = Frame(striped);
        shown.Show(frame, new PictureAreas(frame.EventTime, isWhole, areas));
        return StripedStreet.Stripes(shown, striped);
    }
}
