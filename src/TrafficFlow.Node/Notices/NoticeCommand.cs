using System.CommandLine;
using TrafficFlow.Core.Notices;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Web.Pages.Notices;

namespace TrafficFlow.Node.Notices;

/// <summary>`trafficflow notice`: the sign and the published guideline of an installation.</summary>
public static class NoticeCommand
{
    public static Command Create()
    {
        var (site, config, data) = (SiteOption(), ConfigOption(), DataOption());
        var kind = new Option<string>("--kind") { Description = "sign (A3, for the site), guideline (A4, to be published), or both: sign,guideline.", HelpName = "KIND", DefaultValueFactory = _ => "sign,guideline" };
        var language = new Option<string>("--language") { Description = "ja, en, or both: ja,en.", HelpName = "LANGUAGE", DefaultValueFactory = _ => "ja,en" };
        var format = FormatOption();
        var output = new Option<string>("--out") { Description = "The folder to write to; files in it that are there already stay as they are. [default: this folder]", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var (custodians, operators) = (CustodianOption(), OperatorOption());
        var command = new Verb(
            "notice",
            "Writes the on-site sign and the guideline of an installation, from its site file, as a draft.",
            "trafficflow notice --site /etc/trafficflow/sites/kokandori.conf --out drafts",
            "trafficflow notice --site sites/kokandori.conf --kind sign --language ja --format pdf --custodian \"鋼管 太郎\"",
            "trafficflow notice publish --site sites/kokandori.conf --config server.conf")
        {
            site, kind, language, format, output, custodians, operators, config, data, Publish(), List(),
        };
        command.Details =
        [
            "What it tells comes from the section custody of the site file (deploy/CUSTODY-SITE.md), from its cameras, masks and calibration, and from the persons",
            "who are appointed. publish keeps it as a version with its day and hashes in the data folder: run --check, Health and an alert tell when policy,",
            "cameras, masks, resolution or persons have changed since. PDF needs Debian's packages weasyprint and fonts-noto-cjk.",
        ];
        command.SetAction((p, cancellation) => new NoticeJob(p.GetRequiredValue(site), p.GetValue(config), p.GetValue(data), NoticeOptions.Persons(p.GetValue(custodians), p.GetValue(operators)), TimeProvider.System)
            .WriteAsync(NoticeOptions.Kinds(p.GetValue(kind)!), NoticeOptions.Languages(p.GetValue(language)!), NoticeOptions.Formats(p.GetValue(format)!), p.GetValue(output)!, cancellation));
        return command;
    }

    private static Verb Publish()
    {
        var (site, config, data, format, custodians, operators) = (SiteOption(), ConfigOption(), DataOption(), FormatOption(), CustodianOption(), OperatorOption());
        var command = new Verb(
            "publish",
            "Makes a new version of both notices in both languages, and keeps it with its day and hashes.",
            "trafficflow notice publish --site sites/kokandori.conf --config /etc/trafficflow/server.conf",
            "trafficflow notice publish --site sites/kokandori.conf --data /var/lib/trafficflow --custodian \"鋼管 太郎\" --operator \"産業 花子\"")
        {
            site, config, data, format, custodians, operators,
        };
        command.SetAction((p, cancellation) => new NoticeJob(p.GetRequiredValue(site), p.GetValue(config), p.GetValue(data), NoticeOptions.Persons(p.GetValue(custodians), p.GetValue(operators)), TimeProvider.System)
            .PublishAsync(NoticeOptions.Formats(p.GetValue(format)!), cancellation));
        return command;
    }

    private static Verb List()
    {
        var (site, config, data) = (SiteOption(), ConfigOption(), DataOption());
        var command = new Verb("list", "Tells the published versions, whether their files are as they were, and what has changed since.", "trafficflow notice list --site sites/kokandori.conf --config server.conf") { site, config, data };
        command.SetAction(p => new NoticeJob(p.GetRequiredValue(site), p.GetValue(config), p.GetValue(data), null, TimeProvider.System).List());
        return command;
    }

    private static Option<string> SiteOption() => new("--site") { Description = "The site file.", HelpName = "FILE", Required = true };

    private static Option<string?> ConfigOption() => new("--config") { Description = "The settings of the node that keeps the published versions.", HelpName = "FILE" };

    private static Option<string?> DataOption() => new("--data") { Description = "Or its data folder alone.", HelpName = "DIR" };

    private static Option<string> FormatOption() => new("--format") { Description = "html (one file that needs nothing else), pdf, or both: html,pdf.", HelpName = "FORMAT", DefaultValueFactory = _ => "html,pdf" };

    private static Option<string[]?> CustodianOption() => new("--custodian") { Description = "Name of a custodian (管理責任者), where no register tells it; can be given again. [default: as last published]", HelpName = "NAME" };

    private static Option<string[]?> OperatorOption() => new("--operator") { Description = "Name of an operator in charge (操作担当者), likewise.", HelpName = "NAME" };
}
