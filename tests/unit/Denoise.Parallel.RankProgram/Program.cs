using Denoise.Parallel;
using Denoise.Parallel.Mpi;
using Denoise.Parallel.RankProgram;

// What the tests start under mpirun: every rank runs the same check; rank 0 says "ok" with the number of ranks.
IMessagePassing communicator = MpiCommunicator.Start();
try
{
    switch (args)
    {
        case ["collectives"]:
            CommunicatorChecks.Run(communicator);
            break;
        case ["decomposition"]:
            for (int seed = 0; seed < 10; seed++)
                DecompositionChecks.Run(communicator, seed);
            break;
        case ["abort"]:
            // The last rank fails; the others wait for it and must be ended.
            if (communicator.Rank == communicator.Size - 1)
                communicator.Abort(3);
            communicator.Barrier();
            break;
        default:
            throw new ArgumentException("collectives, decomposition or abort");
    }

    if (communicator.Rank == 0)
        Console.WriteLine($"ok {communicator.Size} {(communicator as MpiCommunicator)?.Description ?? "serial"}");
    communicator.Dispose();
    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine($"rank {communicator.Rank}: {failure}");
    communicator.Abort(1);
    return 1;
}
