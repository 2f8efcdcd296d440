using System.CommandLine;
using Spectre.Console;
using TrafficFlow.Node;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Node.Audit;
using TrafficFlow.Node.Backup;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Completion;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Demo;
using TrafficFlow.Node.Doctor;
using TrafficFlow.Node.Export;
using TrafficFlow.Node.Init;
using TrafficFlow.Node.Learning;
using TrafficFlow.Node.Mark;
using TrafficFlow.Node.MoveDatabase;
using TrafficFlow.Node.Notices;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Street;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Node.Watch;
using TrafficFlow.Node.Why;

PrivateFiles.Begin();
SafeConsole.Begin();
// A pipe has no width: lines stay whole for grep and files.
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 240;

if (ProductVersion.Answer(args) is { } version)
{
    Console.WriteLine(version);
    return ExitCodes.Done;
}

var root = new RootCommand(
    """
    TrafficFlow turns the pictures of fixed cameras into traffic counts that can be trusted, without keeping a picture of anyone.

    Exit codes: 0 the job was done, 1 it was begun and failed, 2 the command line or the settings are wrong, 3 (count) the video was read to its end but is damaged on the way.
    """)
{
    DemoCommand.Create(),
    CountCommand.Create(),
    InitCommand.Create(),
    RunCommand.Create(),
    WatchCommand.Create(),
    ExportCommand.Create(),
    JourneysCommand.Create(),
    ReportCommand.Create(),
    AnalyseCommand.Create(),
    NoticeCommand.Create(),
    CtlCommand.Create(),
    WhyCommand.Create(),
    TokenCommand.Create(),
    AccountCommand.Create(),
    AuditCommand.Create(),
    LearnVerbs.AddTo(VaultCommand.Create()),
    CustodyCommand.Create(),
    CompletionCommand.Create(),
    ScoreCommand.Create(),
    CalibrateCommand.Create(),
    MarkCommand.Create(),
    StreetCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    MoveDatabaseCommand.Create(),
    DoctorCommand.Create(),
};

return await Verbs.RunAsync(root, args);
