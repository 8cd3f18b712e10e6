package im.stanzabus.drill.cluster;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A program that takes connections at an address, says so, and closes them.
final class Listener {
    private Listener() {}

    public static void main(String[] arguments) throws Exception {
        InetAddress address = InetAddress.getByName(arguments[0]);
        try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[1]), 10, address)) {
            System.out.println("listening");
            while (true) {
                Socket accepted = server.accept();
                accepted.close();
            }
        }
    }
}
