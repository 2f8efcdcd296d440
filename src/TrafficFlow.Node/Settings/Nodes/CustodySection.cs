using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Vault.Workdays;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.custody: two persons, inspections, requests of the public, and who is told.</summary>
internal static class CustodySection
{
    private const string DayRemedy = "write a day of the site's calendar: \"2026-12-01\"";

    public static CustodySettings Read(SettingsReader? custody, IReadOnlyList<Site> sites)
    {
        var usual = CustodySettings.Default;
        if (custody is null) return usual;
        var notify = custody.OptionalSection("notify");
        var read = new CustodySettings(ReadApprovals(custody), ReadInspections(custody.OptionalSection("inspections"), sites), ReadRequests(custody.OptionalSection("requests")), ReadHolidays(custody), ReadMail(notify?.OptionalSection("mail")), ReadWebhook(notify?.OptionalSection("webhook")));
        notify?.RefuseUnknown();
        custody.RefuseUnknown();
        return read;
    }

    private static ApprovalRules ReadApprovals(SettingsReader custody)
    {
        var usual = ApprovalRules.Default;
        var policy = usual.Policy;
        if (custody.OptionalText("two-person") is { } text && (!Enum.TryParse(text, ignoreCase: true, out policy) || !text.All(char.IsAsciiLetter))) custody.Problem("two-person", $"there is no \"{text}\"", "set off, export, erase, or both");
        return new ApprovalRules(
            policy,
            custody.Has("request-open") ? custody.Duration("request-open", TimeSpan.FromHours(1), TimeSpan.FromDays(60)) : usual.OpenFor,
            custody.Has("approval-valid") ? custody.Duration("approval-valid", TimeSpan.FromMinutes(5), TimeSpan.FromDays(7)) : usual.ValidFor);
    }

    private static List<(InspectionPlan, TimeZoneInfo)> ReadInspections(SettingsReader? inspections, IReadOnlyList<Site> sites)
    {
        var plans = new List<(InspectionPlan, TimeZoneInfo)>();
        if (inspections is null) return plans;
        foreach (var (name, plan) in inspections.Named())
        {
            var zone = sites.FirstOrDefault(s => s.Id.Value == name)?.TimeZone;
            if (zone is null) inspections.Problem(name, $"this node has no site {name}", Suggestion.For(name, [.. sites.Select(s => s.Id.Value)], "sites"));
            var from = plan.Text("from", $"the first inspection is due then: {DayRemedy}");
            if (!DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && from.Length > 0) plan.Problem("from", $"\"{from}\" is no day", DayRemedy);
            if (plan.Has("hand-carry")) plans.Add((new InspectionPlan(name, InspectionKind.HandCarry, (int)plan.Duration("hand-carry", TimeSpan.FromDays(1), TimeSpan.FromDays(366)).TotalDays, day), zone ?? TimeZoneInfo.Utc));
            if (plan.OptionalText("remote") is { } remote)
            {
                if (remote != "each-workday") plan.Problem("remote", $"there is no \"{remote}\"", "set each-workday, or leave it out where nobody looks from afar");
                plans.Add((new InspectionPlan(name, InspectionKind.Remote, null, day), zone ?? TimeZoneInfo.Utc));
            }

            plan.RefuseUnknown();
        }

        return plans;
    }

    private static RequestRules ReadRequests(SettingsReader? requests)
    {
        var usual = RequestRules.Default;
        if (requests is null) return usual;
        var counts = requests.OptionalText("counts");
        if (counts is not (null or "days" or "workdays")) requests.Problem("counts", $"there is no \"{counts}\"", "set days, or workdays");
        var read = new RequestRules(
            requests.OptionalWhole("term", 1, 366, "days") ?? usual.Days, counts == "workdays",
            requests.Has("keep-contact") ? requests.Duration("keep-contact", TimeSpan.FromDays(1), TimeSpan.FromDays(3_660)) : usual.KeepContact);
        requests.RefuseUnknown();
        return read;
    }

    private static string? ReadHolidays(SettingsReader custody)
    {
        if (ReadFile(custody, "holidays") is not { } file) return null;
        try
        {
            WorkCalendar.Read(file);
        }
        catch (VaultFileException e)
        {
            custody.Problem("holidays", $"cannot be used: {e.Message}", "a day a line, as 2026-12-29 年末休業");
        }

        return file;
    }

    private static MailSettings? ReadMail(SettingsReader? mail)
    {
        if (mail is null) return null;
        const string ServerRemedy = "set the SMTP server that takes mail of this machine: \"mail.example.jp\"";
        var server = mail.Text("server", ServerRemedy);
        var tls = mail.OptionalText("tls") ?? "starttls";
        if (tls is not ("starttls" or "on" or "off")) mail.Problem("tls", $"there is no \"{tls}\"", "set starttls (port 587), on (port 465), or off for a server on this machine alone");
        if (tls == "off" && server is not ("localhost" or "127.0.0.1" or "::1")) mail.Problem("tls", "is off for a server on another machine, and mail would go there in the clear", "set starttls or on");
        var port = mail.OptionalWhole("port", 1, 65_535, "") ?? tls switch { "on" => 465, "off" => 25, _ => 587 };
        var (user, password) = (mail.OptionalText("user"), ReadSecret(mail, "password-file"));
        if (user is null != password is null) mail.Problem("user", "is given without password-file, or the other way round", "give both, or neither");
        var from = mail.Text("from", "set the sender: \"trafficflow@example.jp\"");
        var to = mail.Texts("to");
        if (to.Count is 0 or > 20) mail.Problem("to", "names nobody, or too many", "set one to twenty addresses: [\"custodian@example.jp\"]");
        foreach (var address in to.Select(t => t.Value.Text).Append(from).Where(a => a.Length > 0 && !MailAlerts.IsAddress(a))) mail.Problem("to", $"\"{Redaction.Of(address)}\" is no mail address", "write name@example.jp");
        mail.RefuseUnknown();
        return new MailSettings(server, port, tls == "on", tls == "off", user, password, from, [.. to.Select(t => t.Value.Text)]);
    }

    private static AlertWebhookSettings? ReadWebhook(SettingsReader? webhook)
    {
        if (webhook is null) return null;
        const string Remedy = "write https://…; http:// is for this machine alone (127.0.0.1, localhost)";
        var text = webhook.Text("url", Remedy);
        var secret = webhook.Has("secret-file") ? ReadSecret(webhook, "secret-file") : null;
        if (secret is null) webhook.Problem("secret-file", "is missing", "write whsec_ and 24 to 64 random bytes in Base64 into a file of its own: (printf whsec_; openssl rand -base64 32) > FILE");
        Uri? url = null;
        if (text.Length > 0 && !Uri.TryCreate(text, UriKind.Absolute, out url)) webhook.Problem("url", $"\"{Redaction.Of(text)}\" is no web address", Remedy);
        if (url is not null && FeedAddress.WhyNot(url) is { } why) webhook.Problem("url", $"\"{Redaction.Of(text)}\" {why}", Remedy);
        webhook.RefuseUnknown();
        return url is null || secret is null ? null : new AlertWebhookSettings(url, secret);
    }

    private static string? ReadFile(SettingsReader reader, string key) =>
        reader.OptionalText(key) is { } file ? UnitCredential.Find(Path.GetFullPath(Path.Combine(reader.Find(key)!.Origin.Folder, file))) : null;

    private static string? ReadSecret(SettingsReader reader, string key)
    {
        if (ReadFile(reader, key) is not { } path) return null;
        if (JournalSection.WhatIsWrongWithFile(path) is var (wrong, _))
            reader.Problem(key, wrong, File.Exists(path) ? $"chmod 640 {path}, or 600" : UnitCredential.Remedy(path) ?? "write the secret into its first line; the name is relative to this file");
        return path;
    }
}
