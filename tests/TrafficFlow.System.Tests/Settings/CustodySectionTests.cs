using TrafficFlow.Node.Settings;
using TrafficFlow.Web.Alerts;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class CustodySectionTests : IDisposable
{
    private const string Webhook = "notify { webhook { url = \"https://example.jp/x\", secret-file = secret } }";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_rest_is_as_documented()
    {
        Assert.Equal(CustodySettings.Default, Load("").Custody);
        var secret = Secret("secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        var password = Secret("password", "x");

        var read = Load("""
            custody {
              approval-valid = 12h, request-open = 3d, keep-contact = 90d
              notify {
                mail { server = mail.example.jp, tls = on, user = tf, password-file = password, from = "tf@example.jp", to = ["a@example.jp", "b@example.jp"] }
                webhook { url = "https://example.jp/x", secret-file = secret }
              }
            }
            """).Custody;

        Assert.Equal((TimeSpan.FromDays(3), TimeSpan.FromHours(12), TimeSpan.FromDays(90)), (read.RequestOpen, read.ApprovalValid, read.KeepContact));
        Assert.Equal(("mail.example.jp", 465, true, false, "tf", password, "tf@example.jp"), (read.Mail!.Server, read.Mail.Port, read.Mail.IsTls, read.Mail.IsPlain, read.Mail.User, read.Mail.PasswordFile, read.Mail.From));
        Assert.Equal(["a@example.jp", "b@example.jp"], read.Mail.To);
        Assert.Equal(new AlertWebhookSettings(new Uri("https://example.jp/x"), secret), read.Webhook);
    }

    [Theory]
    [InlineData("two-person = both", "is not a known key")]
    [InlineData("holidays = own.txt", "is not a known key")]
    [InlineData("inspections { a { from = \"2026-12-01\", hand-carry = 14d } }", "is not a known key")]
    [InlineData("requests { term = 10 }", "is not a known key")]
    [InlineData("approval-valid = 30d", "out of range")]
    [InlineData("request-open = 1m", "out of range")]
    [InlineData("keep-contact = 0s", "out of range")]
    [InlineData("notify { mail { server = mail.example.jp, from = \"tf@example.jp\" } }", "names nobody")]
    [InlineData("notify { mail { server = mail.example.jp, from = \"tf@example.jp\", to = [nobody] } }", "is no mail address")]
    [InlineData("notify { mail { server = mail.example.jp, tls = off, from = \"tf@example.jp\", to = [\"a@example.jp\"] } }", "in the clear")]
    [InlineData("notify { mail { server = localhost, tls = off, user = x, from = \"tf@example.jp\", to = [\"a@example.jp\"] } }", "without password-file")]
    [InlineData("notify { webhook { url = \"http://example.jp/x\", secret-file = secret } }", "in the clear")]
    [InlineData("notify { webhook { url = \"https://example.jp/x\" } }", "secret-file: is missing")]
    [InlineData("notify { pigeon {} }", "is not a known key")]
    [InlineData("watch = yes", "is not a known key")]
    public void What_cannot_be_is_told(string setting, string why)
    {
        Secret("secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        Assert.Contains(why, string.Join('\n', Assert.Throws<SettingsException>(() => Load($"custody {{ {setting} }}")).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_others_can_read_is_refused()
    {
        File.SetUnixFileMode(Secret("secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("secret-file", string.Join('\n', Assert.Throws<SettingsException>(() => Load($"custody {{ {Webhook} }}")).Problems), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Secret(string name, string text)
    {
        var file = _folder.Write(name, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private NodeSettings Load(string section)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return NodeSettings.Load(_folder.Write("node.conf", $$"""
            trafficflow {
              {{section}}
              node {
                roles = [server]
                sites = ["site.conf"]
                data-directory = "data"
              }
            }
            """));
    }
}
