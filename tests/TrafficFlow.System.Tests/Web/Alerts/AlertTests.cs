using System.Text.Json;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Web.Feeds;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Feeds;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Alerts;

public sealed class AlertTests : IDisposable
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private static readonly Alert s_alert = new("inspection/kokandori/hand-carry/2026-12-15/overdue", "kokandori: overdue (現地点検 期限超過)", "Record it.\n\n点検を記録してください。\n");

    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task A_mail_arrives_with_subject_and_text_and_the_same_alert_has_the_same_id()
    {
        await using var server = new MailServer(asksForPassword: true);
        var mail = new MailAlerts(Settings(server.Port) with { User = MailServer.User, PasswordFile = _folder.Write("password", $"{MailServer.Password}\n") }, TimeProvider.System);

        await mail.SendAsync(s_alert, CancellationToken.None);
        await mail.SendAsync(s_alert, CancellationToken.None);

        var (first, second) = (await server.NextAsync(), await server.NextAsync());
        Assert.Equal("[TrafficFlow] kokandori: overdue (現地点検 期限超過)", first.Subject);
        Assert.Equal(s_alert.Text.TrimEnd(), first.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal(["custodian@example.jp", "second@example.jp"], first.To.Mailboxes.Select(m => m.Address));
        Assert.Equal((first.MessageId, "auto-generated"), (second.MessageId, first.Headers["Auto-Submitted"]));
    }

    [Fact]
    public async Task A_server_that_takes_no_mail_is_told_with_what_to_look_at()
    {
        await using (var asks = new MailServer(asksForPassword: true)) await ToldAsync(Settings(asks.Port) with { User = MailServer.User, PasswordFile = _folder.Write("wrong", "wrong") });
        await using (var refuses = new MailServer(refuses: true)) await ToldAsync(Settings(refuses.Port));
        await ToldAsync(Settings(1));
        await ToldAsync(Settings(1) with { User = "x", PasswordFile = Path.Combine(_folder.Path, "nowhere") });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_of_nobody_known_and_a_server_without_tls_get_no_mail(bool isTls)
    {
        using var certificate = MailServer.SelfSigned();
        await using (var server = new MailServer(certificate: certificate, isTls: isTls))
        {
            await ToldAsync(Settings(server.Port) with { IsPlain = false, IsTls = isTls });
            Assert.True(server.IsEmpty);
        }

        await using var plain = new MailServer();
        await ToldAsync(Settings(plain.Port) with { IsPlain = false });
        Assert.True(plain.IsEmpty);
    }

    [Fact]
    public async Task A_webhook_gets_one_object_that_nobody_else_can_have_sent()
    {
        await using var receiver = await HttpReceiver.StartAsync((204, null), (500, null));
        using var webhook = new WebhookAlerts(new AlertWebhookSettings(receiver.Address, _folder.Write("secret", Secret)), TimeProvider.System);

        await webhook.SendAsync(s_alert, CancellationToken.None);

        var received = await receiver.NextAsync();
        using var body = JsonDocument.Parse(received.Body);
        Assert.Equal((s_alert.Id, s_alert.Title), (body.RootElement.GetProperty("id").GetString(), body.RootElement.GetProperty("title").GetString()));
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(received.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(WebhookSignature.Of(WebhookSignature.ReadSecret(Secret)!, s_alert.Id, at, received.Body), received.Headers["webhook-signature"]);
        Assert.Contains("answered 500", (await Assert.ThrowsAsync<AlertException>(() => webhook.SendAsync(s_alert, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static MailSettings Settings(int port) => new("127.0.0.1", port, IsTls: false, IsPlain: true, null, null, "trafficflow@example.jp", ["custodian@example.jp", "second@example.jp"]);

    private static async Task ToldAsync(MailSettings settings)
    {
        var told = await Assert.ThrowsAsync<AlertException>(() => new MailAlerts(settings, TimeProvider.System).SendAsync(s_alert, CancellationToken.None));
        Assert.True(told.Message.Contains("trafficflow.custody.notify.mail", StringComparison.Ordinal) || told.Message.Contains("nowhere", StringComparison.Ordinal), told.Message);
        Assert.DoesNotContain("wrong", told.Message, StringComparison.Ordinal);
    }
}
