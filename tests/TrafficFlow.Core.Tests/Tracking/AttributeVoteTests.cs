using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Tracking;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class AttributeVoteTests
{
    [Fact]
    public void The_classifier_stage_outweighs_what_the_first_model_said_in_every_picture()
    {
        var vote = new ClassVote();
        for (var frame = 0; frame < 200; frame++) vote.Add(VehicleClass.PassengerCar, 0.9);
        vote.Add(new ClassSample(VehicleClass.Bus, 0.7f));

        Assert.Equal((VehicleClass.Bus, 1.0), vote.Winner());
    }

    [Fact]
    public void A_class_that_is_second_in_most_pictures_can_win_against_ones_that_lead_by_turns()
    {
        var vote = new ClassVote();
        for (var frame = 0; frame < 6; frame++)
        {
            vote.Add(frame % 2 == 0
                ? new ClassScores(PassengerCar: 0.1f, LightGoods: 0.5f, HeavyGoods: 0.6f, Bus: 0, Motorcycle: 0)
                : new ClassScores(PassengerCar: 0.1f, LightGoods: 0.5f, HeavyGoods: 0, Bus: 0.6f, Motorcycle: 0));
        }

        Assert.Equal(VehicleClass.LightGoods, vote.Winner().Class);
    }

    [Fact]
    public void Looks_that_contradict_each_other_leave_the_track_unclassified()
    {
        var vote = new ClassVote();
        vote.Add(new ClassSample(VehicleClass.PassengerCar, 0.6f));
        vote.Add(new ClassSample(VehicleClass.HeavyGoods, 0.6f));

        Assert.Equal((VehicleClass.Unclassified, 0.0), vote.Winner());
    }

    [Fact]
    public void One_faint_look_is_not_enough()
    {
        var vote = new ClassVote();
        vote.Add(new ClassSample(VehicleClass.Motorcycle, 0.3f));

        Assert.Equal(VehicleClass.Unclassified, vote.Winner().Class);
    }

    [Fact]
    public void A_look_that_says_none_of_ours_speaks_against_the_class()
    {
        var vote = new ClassVote();
        vote.Add(new ClassSample(VehicleClass.Motorcycle, 0.6f));
        vote.Add(new ClassSample(VehicleClass.Unclassified, 0.6f));

        Assert.Equal(VehicleClass.Unclassified, vote.Winner().Class);
    }

    [Fact]
    public void The_colour_that_most_pictures_agree_on_is_named_with_its_share()
    {
        var vote = new ColourVote();
        vote.Add(new ColourSample(VehicleColour.Red, 0.6f));
        vote.Add(new ColourSample(VehicleColour.Red, 0.3f));
        vote.Add(new ColourSample(VehicleColour.Brown, 0.3f));
        vote.Add(new ColourSample(VehicleColour.Unknown, 1));

        var (colour, confidence) = vote.Winner();

        Assert.Equal(VehicleColour.Red, colour);
        Assert.Equal(0.75, confidence, 6);
    }

    [Theory]
    [InlineData(0.1f, 0.02f)]
    [InlineData(0.4f, 0.39f)]
    public void A_colour_that_nobody_is_sure_of_is_unknown(float red, float others)
    {
        var vote = new ColourVote();
        vote.Add(new ColourSample(VehicleColour.Red, red));
        vote.Add(new ColourSample(VehicleColour.Brown, others));
        vote.Add(new ColourSample(VehicleColour.Yellow, others));

        Assert.Equal((VehicleColour.Unknown, 0.0), vote.Winner());
    }
}
