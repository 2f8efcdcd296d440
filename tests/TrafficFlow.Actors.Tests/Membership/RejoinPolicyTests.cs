using TrafficFlow.Server.Membership;

namespace TrafficFlow.Actors.Tests.Membership;

public sealed class RejoinPolicyTests
{
    private readonly RejoinPolicy _policy = new(unknownAnswers: 2, aloneFor: TimeSpan.FromSeconds(20));

    [Fact]
    public void One_answer_of_not_knowing_may_be_an_old_picture_and_two_in_a_row_are_not()
    {
        Assert.Null(_policy.Answered(isMember: false));
        Assert.Null(_policy.Answered(isMember: true));
        Assert.Null(_policy.Answered(isMember: false));
        Assert.Contains("no member", _policy.Answered(isMember: false));
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    public void Without_a_server_in_reach_the_place_is_lost_after_the_time_and_not_before(int seconds, bool isLost)
    {
        Assert.Null(_policy.Observed(TimeSpan.FromSeconds(100), seesServer: true));
        Assert.Null(_policy.Observed(TimeSpan.FromSeconds(102), seesServer: false));

        Assert.Equal(isLost, _policy.Observed(TimeSpan.FromSeconds(102 + seconds), seesServer: false) is not null);
    }

    [Fact]
    public void A_server_seen_in_between_begins_the_time_anew()
    {
        _policy.Observed(TimeSpan.FromSeconds(0), seesServer: false);
        _policy.Observed(TimeSpan.FromSeconds(15), seesServer: true);

        Assert.Null(_policy.Observed(TimeSpan.FromSeconds(25), seesServer: false));
        Assert.Null(_policy.Observed(TimeSpan.FromSeconds(44), seesServer: false));
        Assert.NotNull(_policy.Observed(TimeSpan.FromSeconds(45), seesServer: false));
    }
}
