using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("rtsp://viewer:secret@10.0.0.7/axis", "rtsp://***@10.0.0.7/axis")]
    [InlineData("rtsp://viewer:se@cr/et?x@10.0.0.7/axis", "rtsp://***@10.0.0.7/axis")]
    [InlineData("rtsp://viewer@10.0.0.7/axis", "rtsp://***@10.0.0.7/axis")]
    [InlineData("HTTP://viewer:secret@cam/video?user=viewer&pwd=secret", "HTTP://***@cam/video?***")]
    [InlineData("rtsp://10.0.0.5/s?user=a&pwd=ab,cd", "rtsp://10.0.0.5/s?***")]
    [InlineData("[http://cam1/x?k=secret, http://cam2/y?k=secret]", "[http://cam1/x?***, http://cam2/y?***]")]
    [InlineData("{\"password\": \"se\\\"cret\", \"port\": 1}", "{\"password\": \"***\", \"port\": 1}")]
    [InlineData("Authorization: Basic c2VjcmV0", "Authorization: ***")]
    [InlineData("https://cam/video?token=secret", "https://cam/video?***")]
    [InlineData("postgresql://flow:secret@db:5432/flow", "postgresql://***@db:5432/flow")]
    [InlineData("Host=db;Username=flow;Password=secret;Database=flow", "Host=db;Username=flow;Password=***;Database=flow")]
    [InlineData("Host=db;password = 'se;c''ret';Database=flow", "Host=db;password = ***;Database=flow")]
    [InlineData("Host=db;PWD=\"se;c\"\"ret\"", "Host=db;PWD=***")]
    [InlineData("[rtsp://a:secret@cam1/x, rtsp://b:secret@cam2/y]", "[rtsp://***@cam2/y]")]
    [InlineData("the link /invitation#tfi_9G6D4EARlmIcsMKhh0-8secretOxqEq_vaVbCrwQbSRGA opens", "the link /invitation#tfi_*** opens")]
    public void Passwords_in_addresses_and_connection_strings_are_hidden(string value, string shown)
    {
        Assert.Equal(shown, Redaction.OfSetting("source", value));
        Assert.DoesNotContain("secret", Redaction.Of(value));
    }

    [Theory]
    [InlineData("password", "secret")]
    [InlineData("api-key", "secret")]
    [InlineData("access-token", "secret")]
    public void What_is_called_a_secret_is_hidden_whatever_it_holds(string key, string value)
    {
        Assert.Equal("***", Redaction.OfSetting(key, value));
    }

    [Theory]
    [InlineData("source", "synthetic:north?seed=7&light=night")]
    [InlineData("source", "/var/lib/videos/a@b?.mp4")]
    [InlineData("seed", "akka.tcp://trafficflow@10.0.0.7:4053")]
    [InlineData("password-file", "/etc/trafficflow/db.password")]
    [InlineData("connection", "Host=db;Port=5432;Database=flow;Username=flow")]
    [InlineData("name", "鋼管通り交差点")]
    [InlineData("password", "")]
    public void What_is_no_secret_is_shown(string key, string value)
    {
        Assert.Equal(value, Redaction.OfSetting(key, value));
    }
}
