using System.Net;
using System.Text;
using TrafficFlow.Web.Feeds;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>Signatures of webhooks, and where they may go.</summary>
public sealed class WebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void The_signature_is_that_of_standard_webhooks() => Assert.Equal(
        // Test vector of the specification's reference libraries.
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(WebhookSignature.ReadSecret(Secret)!, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqr")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not base 64 at all, but long enough")]
    public void What_is_no_secret_is_not_taken_for_one(string text) => Assert.Null(WebhookSignature.ReadSecret(text));

    [Theory]
    [InlineData("https://example.com/hook", null)]
    [InlineData("http://localhost:8080/hook", null)]
    [InlineData("http://[::1]/hook", null)]
    [InlineData("http://example.com/hook", "in the clear")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://[fe80::1]/", "link-local")]
    [InlineData("https://[::ffff:169.254.169.254]/", "link-local")]
    [InlineData("https://224.0.0.1/", "address of many")]
    [InlineData("https://0.0.0.0/", "no machine's address")]
    [InlineData("https://anna:secret@example.com/", "a name or a password")]
    [InlineData("ftp://example.com/", "no web address")]
    public void Where_a_feed_may_be_sent_is_looked_at(string url, string? why)
    {
        var told = FeedAddress.WhyNot(new Uri(url));
        if (why is null) Assert.Null(told);
        else Assert.Contains(why, told);
    }

    [Fact]
    public void A_link_local_address_is_one_however_it_is_written() =>
        Assert.All([IPAddress.Parse("169.254.1.2"), IPAddress.Parse("::ffff:169.254.1.2"), IPAddress.Parse("fe80::1%1")], a => Assert.NotNull(OutgoingHttp.WhyNot(a)));
}
